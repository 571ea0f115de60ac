"""A chat in the terminal: each line that you type is said, and Ctrl+D leaves. A connection that breaks is made again: what was
not heard back is said again under its request_id, so it stands in the room once, and what others said meanwhile is heard."""

import queue
import random
import sys
import threading
import time
import uuid

import grpc

import users_pb2
import users_pb2_grpc
from channel import SECONDS, open_channel, options
from failures import describe

LONGEST_PAUSE = 10
# What a later try can get over; anything else would only fail again.
BREAKS = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL)


class Chat:
    def __init__(self, stub, user_id, room):
        self.stub, self.user_id, self.room = stub, user_id, room
        self.after = None  # The last sequence that was heard.
        self.unheard = {}  # By request_id, in the order in which the lines were typed.
        self.outgoing = queue.SimpleQueue()
        self.lock = threading.Lock()
        self.is_closed = False
        self.names = {}

    def run(self):
        threading.Thread(target=self.read, daemon=True).start()
        attempt = 0
        while True:
            try:
                for message in self.join():
                    attempt = 0
                    self.hear(message)
                return
            except grpc.RpcError as error:
                if error.code() not in BREAKS:
                    raise
                attempt += 1
                print(f"{describe(error)}: joining again", file=sys.stderr)
                # Never all at once: a server that comes back would be run over.
                time.sleep(min(0.25 * 2**attempt, LONGEST_PAUSE) * random.uniform(0.75, 1.25))

    def read(self):
        for line in sys.stdin:
            if text := line.rstrip("\n"):
                message = users_pb2.ChatMessage(message=text, request_id=str(uuid.uuid4()))
                with self.lock:
                    self.unheard[message.request_id] = message
                    self.outgoing.put(message)
        with self.lock:
            self.is_closed = True
            self.outgoing.put(None)

    def join(self):
        first = users_pb2.ChatMessage(user_id=self.user_id, room=self.room)
        if self.after is not None:
            first.after_sequence = self.after
        with self.lock:
            # A queue for each call: the one that ended may still wait at the old one.
            self.outgoing.put(None)
            self.outgoing = outgoing = queue.SimpleQueue()
            for message in [first, *self.unheard.values()]:
                outgoing.put(message)
            if self.is_closed:
                outgoing.put(None)
        # Again, the call waits for the connection: one that is refused while its messages are sent may never end here (grpcio 1.51).
        call = self.stub.ChatUsers(iter(outgoing.get, None), wait_for_ready=self.after is not None)
        if self.after is None:
            # Before any message: one that breaks here is resumed here, too.
            self.after = int(dict(call.initial_metadata() or ()).get("room-sequence", 0))
        return call

    def hear(self, message):
        with self.lock:
            self.unheard.pop(message.request_id, None)
        # The receipt of a line that had been stored before the break comes out of its turn: it was, or will be, heard in it.
        if message.sequence == self.after + 1:
            self.after = message.sequence
            print(f"#{message.sequence} {self.name_of(message.user_id)}: {message.message}", flush=True)

    def name_of(self, user_id):
        if user_id not in self.names:
            try:
                self.names[user_id] = self.stub.GetUser(users_pb2.GetUserRequest(id=user_id), timeout=SECONDS).name
            except grpc.RpcError:
                return user_id  # Deleted meanwhile, or not to be asked now.
        return self.names[user_id]


def main():
    parser = options(__doc__)
    parser.add_argument("--room", default="lobby")
    arguments = parser.parse_args()
    with open_channel(arguments.address, arguments.ca) as channel:
        try:
            Chat(users_pb2_grpc.UserServiceStub(channel), arguments.user_id, arguments.room).run()
        except grpc.RpcError as error:
            sys.exit(describe(error))


if __name__ == "__main__":
    main()

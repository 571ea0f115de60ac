"""Each of the four patterns in turn, a deadline that passes, and errors with their details."""

import queue
import uuid

import grpc

import rooms_pb2
import rooms_pb2_grpc
import users_pb2
import users_pb2_grpc
from channel import SECONDS, open_channel, options
from failures import describe, reason_of

NOBODY = "00000000-0000-4000-8000-000000000000"


def person(name):
    # The request_id makes the creation safe to repeat.
    return users_pb2.CreateUserRequest(name=name, email=f"{uuid.uuid4().hex}@example.com", request_id=str(uuid.uuid4()))


def unary(stub):
    ada = stub.CreateUser(person("Ada Lovelace"), timeout=SECONDS)
    print("CreateUser:", ada.name)
    print("GetUser:", stub.GetUser(users_pb2.GetUserRequest(id=ada.id), timeout=SECONDS).name)
    return ada


def client_streaming(stub):
    people = (person(name) for name in ("Radia Perlman", "", "Tim Berners-Lee"))
    created = stub.CreateUsers(people, timeout=SECONDS)
    failures = ", ".join(f"message {at}: {reason_of(status)}" for at, status in created.failures.items())
    print(f"CreateUsers: {created.user_count} created, {created.failed_count} failed ({failures})")


def server_streaming(stub, after_id):
    listed = list(stub.ListUsers(users_pb2.ListUsersRequest(after_id=after_id, page_size=2), timeout=SECONDS))
    print("ListUsers:", ", ".join(found.name for found in listed))
    return listed


def bidirectional_streaming(stub, user_id):
    outgoing = queue.SimpleQueue()
    answers = stub.ChatUsers(iter(outgoing.get, None), timeout=SECONDS)
    outgoing.put(users_pb2.ChatMessage(user_id=user_id, room=str(uuid.uuid4())))
    heard = []
    for text in ("Hello", "Bye"):
        # The answer to the one is read before the other is sent: both directions are open.
        outgoing.put(users_pb2.ChatMessage(message=text))
        answer = next(answers)
        heard.append(f"#{answer.sequence} {answer.message}")
    outgoing.put(None)
    print("ChatUsers:", ", ".join(heard), "and", len(list(answers)), "more")


def failing(stub, rooms):
    calls = {
        "CreateUser without a name": lambda: stub.CreateUser(users_pb2.CreateUserRequest(email="ada"), timeout=SECONDS),
        "GetUser of nobody": lambda: stub.GetUser(users_pb2.GetUserRequest(id=NOBODY), timeout=SECONDS),
        # A room is watched for as long as its caller likes: here until the deadline.
        "WatchRoom for a moment": lambda: list(rooms.WatchRoom(rooms_pb2.WatchRoomRequest(room=str(uuid.uuid4())), timeout=0.2)),
    }
    for name, call in calls.items():
        try:
            call()
        except grpc.RpcError as error:
            print(f"{name}: {describe(error)}")


def main():
    arguments = options(__doc__).parse_args()
    with open_channel(arguments.address, arguments.ca) as channel:
        stub = users_pb2_grpc.UserServiceStub(channel)
        ada = unary(stub)
        client_streaming(stub)
        others = server_streaming(stub, ada.id)
        bidirectional_streaming(stub, arguments.user_id or ada.id)
        failing(stub, rooms_pb2_grpc.RoomServiceStub(channel))
        for each in [ada, *others]:
            stub.DeleteUser(users_pb2.DeleteUserRequest(id=each.id), timeout=SECONDS)


if __name__ == "__main__":
    main()

"""Every pattern of users.v1.UserService from Python. Prints what it saw, as JSON.

    users_client.py HOST:PORT, or unix:FILE

with, on PYTHONPATH, the classes that protoc's --python_out and --grpc_out (by grpc_python_plugin) make of proto/users.proto,
proto/google/rpc/status.proto, proto/google/rpc/error_details.proto, proto/google/api/http.proto and proto/google/api/annotations.proto.
"""

import json
import queue
import sys

import grpc
from google.rpc import error_details_pb2, status_pb2

import users_pb2
import users_pb2_grpc

SEED = "01900000-0000-7000-8000-{:012d}"
SECONDS = 30


def status_of(error):
    """The google.rpc.Status in the trailers, where the service puts its error details."""
    trailers = dict(error.trailing_metadata())
    return status_pb2.Status.FromString(trailers["grpc-status-details-bin"])


def detail(status, kind):
    """The detail of this kind, empty when there is none."""
    message = kind()
    any(packed.Unpack(message) for packed in status.details)
    return message


def failure(call):
    try:
        call()
    except grpc.RpcError as error:
        status = status_of(error)
        return {
            "code": error.code().name,
            "reason": detail(status, error_details_pb2.ErrorInfo).reason,
            "fields": [v.field for v in detail(status, error_details_pb2.BadRequest).field_violations],
            "resource": detail(status, error_details_pb2.ResourceInfo).resource_name,
        }
    return None


def chat(stub):
    outgoing = queue.SimpleQueue()
    answers = stub.ChatUsers(iter(outgoing.get, None), timeout=SECONDS)
    outgoing.put(users_pb2.ChatMessage(user_id=SEED.format(1), room="python"))
    heard = []
    for text in ("Hello", "Bye"):
        # The answer to the one is read before the other is sent: both directions are open.
        outgoing.put(users_pb2.ChatMessage(message=text))
        answer = next(answers)
        heard.append([answer.message, answer.sequence])
    outgoing.put(None)
    return heard + [[rest.message, rest.sequence] for rest in answers]


def main(address):
    with grpc.insecure_channel(address) as channel:
        stub = users_pb2_grpc.UserServiceStub(channel)
        ada = stub.GetUser(users_pb2.GetUserRequest(id=SEED.format(1)), timeout=SECONDS)
        listed = stub.ListUsers(users_pb2.ListUsersRequest(after_id=SEED.format(2), page_size=3), timeout=SECONDS)
        people = [("Radia Perlman", "radia@example.com"), ("", "nobody@example.com"), ("Tim", "tim@example.com")]
        created = stub.CreateUsers(
            (users_pb2.CreateUserRequest(name=name, email=email) for name, email in people), timeout=SECONDS)
        result = {
            "unary": [ada.name, ada.email],
            "server streaming": [user.name for user in listed],
            "client streaming": {
                "created": created.user_count,
                "failed": created.failed_count,
                "failures": {str(at): detail(s, error_details_pb2.ErrorInfo).reason for at, s in created.failures.items()},
            },
            "bidirectional streaming": chat(stub),
            "errors": [
                failure(lambda: stub.CreateUser(users_pb2.CreateUserRequest(email="ada"), timeout=SECONDS)),
                failure(lambda: stub.GetUser(users_pb2.GetUserRequest(id=SEED.format(99)), timeout=SECONDS)),
            ],
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1])

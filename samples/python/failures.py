"""What a failed call says, out of the details that the service sends with every error."""

from google.rpc import error_details_pb2, status_pb2


def status_of(error):
    """The google.rpc.Status of a grpc.RpcError; it is empty when no server answered."""
    trailers = dict(error.trailing_metadata() or ())
    return status_pb2.Status.FromString(trailers.get("grpc-status-details-bin", b""))


def reason_of(status):
    """What a program branches on, never on the text: USER_NOT_FOUND, ETAG_MISMATCH ..."""
    return _detail(status, error_details_pb2.ErrorInfo).reason


def fields_of(status):
    """The fields that are wrong."""
    return [violation.field for violation in _detail(status, error_details_pb2.BadRequest).field_violations]


def describe(error):
    status = status_of(error)
    words = [error.code().name, reason_of(status), ", ".join(fields_of(status))]
    return " ".join(word for word in words if word)


def _detail(status, kind):
    message = kind()
    any(packed.Unpack(message) for packed in status.details)
    return message

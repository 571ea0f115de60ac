using Grpc.Core;

namespace Users.Server.Errors;

/// <summary>A failure of the catalogue on its way to the caller; it is what the server means to answer, unlike an exception of a service that it calls.</summary>
internal sealed class CallFailure(Status status, Metadata trailers) : RpcException(status, trailers);

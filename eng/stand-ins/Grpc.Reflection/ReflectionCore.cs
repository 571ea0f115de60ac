using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace Grpc.Reflection;

/// <summary>Answers one request. What is wrong with a request is part of its answer: the stream goes on.</summary>
internal sealed class ReflectionCore(IEnumerable<string> services, SymbolRegistry registry)
{
    private readonly ListServiceResponse _services = new()
    {
        Service = { services.Order(StringComparer.Ordinal).Select(name => new ServiceResponse { Name = name }) },
    };

    public static ReflectionCore Of(IEnumerable<ServiceDescriptor> services)
    {
        IReadOnlyList<ServiceDescriptor> listed = [.. services];
        return new ReflectionCore(listed.Select(service => service.FullName), SymbolRegistry.FromFiles(listed.Select(service => service.File)));
    }

    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        ServerReflectionResponse response = request.MessageRequestCase switch
        {
            ServerReflectionRequest.MessageRequestOneofCase.ListServices => new() { ListServicesResponse = _services },
            ServerReflectionRequest.MessageRequestOneofCase.FileByFilename =>
                File(registry.FileByName(request.FileByFilename), $"file {request.FileByFilename}"),
            ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol =>
                File(registry.FileContainingSymbol(request.FileContainingSymbol), $"symbol {request.FileContainingSymbol}"),
            ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension => Extension(request.FileContainingExtension),
            ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType => ExtensionNumbers(request.AllExtensionNumbersOfType),
            _ => Error(StatusCode.InvalidArgument, "The request asks for nothing: set one field of message_request."),
        };
        response.ValidHost = request.Host;
        response.OriginalRequest = request;
        return response;
    }

    private ServerReflectionResponse Extension(ExtensionRequest asked) => File(
        registry.FileContainingExtension(asked.ContainingType, asked.ExtensionNumber),
        $"extension {asked.ExtensionNumber} of {asked.ContainingType}");

    private ServerReflectionResponse ExtensionNumbers(string type) => registry.ExtensionNumbers(type) is { } numbers
        ? new() { AllExtensionNumbersResponse = new() { BaseTypeName = type, ExtensionNumber = { numbers } } }
        : NotFound($"message {type}");

    /// <summary>The file, then everything that it needs to be understood.</summary>
    private static ServerReflectionResponse File(FileDescriptor? file, string asked)
    {
        if (file is null)
        {
            return NotFound(asked);
        }

        OrderedDictionary<string, FileDescriptor> files = new(StringComparer.Ordinal);
        AddWithImports(files, file);
        return new() { FileDescriptorResponse = new() { FileDescriptorProto = { files.Values.Select(found => found.SerializedData) } } };
    }

    private static void AddWithImports(OrderedDictionary<string, FileDescriptor> files, FileDescriptor file)
    {
        if (files.TryAdd(file.Name, file))
        {
            foreach (FileDescriptor import in file.Dependencies)
            {
                AddWithImports(files, import);
            }
        }
    }

    private static ServerReflectionResponse NotFound(string asked) => Error(StatusCode.NotFound, $"There is no {asked}.");

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new() { ErrorResponse = new() { ErrorCode = (int)code, ErrorMessage = message } };
}

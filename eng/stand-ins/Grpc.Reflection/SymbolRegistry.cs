using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>Finds the file that declares a symbol or an extension, among some files and all that they import.</summary>
public class SymbolRegistry
{
    private readonly Dictionary<string, FileDescriptor> _filesByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _filesBySymbol = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> _extensionsByType = new(StringComparer.Ordinal);

    private SymbolRegistry()
    {
    }

    public static SymbolRegistry FromFiles(IEnumerable<FileDescriptor> fileDescriptors)
    {
        ArgumentNullException.ThrowIfNull(fileDescriptors);
        SymbolRegistry registry = new();
        foreach (FileDescriptor file in fileDescriptors)
        {
            registry.AddFile(file);
        }

        return registry;
    }

    public FileDescriptor? FileByName(string filename) => _filesByName.GetValueOrDefault(filename);

    /// <param name="symbol">Fully qualified: of a service, method, message, field, oneof, enum, enum value or extension.</param>
    public FileDescriptor? FileContainingSymbol(string symbol) => _filesBySymbol.GetValueOrDefault(symbol);

    internal FileDescriptor? FileContainingExtension(string type, int number) =>
        _extensionsByType.GetValueOrDefault(type)?.GetValueOrDefault(number);

    /// <returns>null if there is no such message, empty if nothing extends it.</returns>
    internal IEnumerable<int>? ExtensionNumbers(string type) => _extensionsByType.GetValueOrDefault(type)?.Keys;

    private void AddFile(FileDescriptor file)
    {
        if (!_filesByName.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (FileDescriptor import in file.Dependencies)
        {
            AddFile(import);
        }

        AddSymbols(file, file.Services);
        AddSymbols(file, file.Services.SelectMany(service => service.Methods));
        AddEnums(file, file.EnumTypes);
        AddMessages(file, file.MessageTypes);
        AddExtensions(file, file.Extensions);
    }

    private void AddMessages(FileDescriptor file, IEnumerable<MessageDescriptor> messages)
    {
        foreach (MessageDescriptor message in messages)
        {
            _filesBySymbol.TryAdd(message.FullName, file);
            _extensionsByType.TryAdd(message.FullName, []);
            AddSymbols(file, message.Fields.InDeclarationOrder());
            AddSymbols(file, message.Oneofs);
            AddEnums(file, message.EnumTypes);
            AddMessages(file, message.NestedTypes);
            AddExtensions(file, message.Extensions);
        }
    }

    private void AddEnums(FileDescriptor file, IEnumerable<EnumDescriptor> enums)
    {
        foreach (EnumDescriptor type in enums)
        {
            _filesBySymbol.TryAdd(type.FullName, file);
            // The values of an enum are its siblings in scope, not its children; Google.Protobuf's FullName says otherwise.
            string scope = type.FullName[..^type.Name.Length];
            foreach (EnumValueDescriptor value in type.Values)
            {
                _filesBySymbol.TryAdd(scope + value.Name, file);
            }
        }
    }

    // The extended message is in a file that this one imports, so it is there already, or in this one.
    private void AddExtensions(FileDescriptor file, ExtensionCollection extensions)
    {
        foreach (FieldDescriptor extension in extensions.UnorderedExtensions)
        {
            _filesBySymbol.TryAdd(extension.FullName, file);
            _extensionsByType.TryAdd(extension.ExtendeeType.FullName, []);
            _extensionsByType[extension.ExtendeeType.FullName].TryAdd(extension.FieldNumber, file);
        }
    }

    private void AddSymbols(FileDescriptor file, IEnumerable<IDescriptor> symbols)
    {
        foreach (IDescriptor symbol in symbols)
        {
            _filesBySymbol.TryAdd(symbol.FullName, file);
        }
    }
}

using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Users.Data;
using Users.Server.Users;

namespace Users.Benchmarks.Hot;

/// <summary>A stored user to the wire's message, and on to its bytes.</summary>
[MemoryDiagnoser]
public class MappingBenchmarks
{
    private readonly byte[] _buffer = new byte[1_024];
    private readonly User _user = new()
    {
        Id = Guid.CreateVersion7().ToString(),
        Name = "Ada Lovelace",
        Email = "ada@example.com",
        CreateTime = DateTimeOffset.UnixEpoch.AddYears(56),
        UpdateTime = DateTimeOffset.UnixEpoch.AddYears(56),
        Etag = "0123456789abcdef",
    };

    [Benchmark]
    public V1.User ToWire() => _user.ToWire();

    [Benchmark]
    public int ToBytes()
    {
        V1.User message = _user.ToWire();
        int size = message.CalculateSize();
        message.WriteTo(_buffer.AsSpan(0, size));
        return size;
    }
}

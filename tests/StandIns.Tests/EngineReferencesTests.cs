using System.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;

namespace StandIns.Tests;

/// <summary>The real engines were compiled against upstream's assemblies: here they meet those that are loaded.</summary>
public sealed class EngineReferencesTests
{
    private static readonly IReadOnlySet<string> Offered =
        AccessibleMembers.Of(typeof(Metadata).Assembly, typeof(ICompressionProvider).Assembly);

    public static TheoryData<Assembly> Engines => [typeof(GrpcServiceOptions).Assembly, typeof(GrpcChannel).Assembly];

    [Theory]
    [MemberData(nameof(Engines), DisableDiscoveryEnumeration = true)]
    public void Every_member_that_an_engine_references_exists(Assembly engine)
    {
        IReadOnlyList<string> referenced = EngineReferences.Read(engine.Location, "Grpc.Core.Api", "Grpc.Net.Common");

        Assert.Contains("System.Void Grpc.Core.RpcException::.ctor(Grpc.Core.Status)", referenced);
        Assert.Contains("Grpc.Core.Marshaller`1<!0> Grpc.Core.Method`2::get_RequestMarshaller()", referenced);
        Assert.Empty(referenced.Except(Offered));
    }

    // Loading a type fails if a method that it overrides or implements is missing, or is there but not open to it.
    [Theory]
    [MemberData(nameof(Engines), DisableDiscoveryEnumeration = true)]
    public void Every_type_of_an_engine_loads(Assembly engine) => Assert.NotEmpty(engine.GetTypes());

    [Theory]
    [InlineData(typeof(Metadata), "Grpc.Core.Api")]
    [InlineData(typeof(ICompressionProvider), "Grpc.Net.Common")]
    public void An_assembly_has_the_identity_that_the_engines_ask_for(Type type, string name)
    {
        AssemblyName identity = type.Assembly.GetName();

        Assert.Equal(name, identity.Name);
        Assert.Equal(new Version(2, 0, 0, 0), identity.Version);
        Assert.Equal("d754f35622e28bad", Convert.ToHexStringLower(identity.GetPublicKeyToken()!));
    }
}

namespace Users.Server.Tests.Support;

/// <summary>A listener of a meter or source hears all servers of the process, so no other test runs meanwhile.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone;

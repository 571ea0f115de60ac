using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Users.Data;

/// <summary>What an engine is opened with.</summary>
/// <param name="Options">The database, and the limits.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logging">For what an operator has to know.</param>
/// <param name="Interceptors">EF Core's, for tests that watch or hold its connections.</param>
internal sealed record StoreStart(
    UserStoreOptions Options, TimeProvider Time, ILoggerFactory Logging, IReadOnlyList<IInterceptor> Interceptors);

using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Users.Data.Tests;

/// <summary>The connections that a store has opened.</summary>
public sealed class Connections : DbConnectionInterceptor
{
    public ConcurrentQueue<DbConnection> Opened { get; } = new();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Opened.Enqueue(connection);
}

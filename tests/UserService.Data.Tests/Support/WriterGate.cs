using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Users.Data.Tests;

/// <summary>Holds a store's writer. EF Core calls it at the start and at the commit of each transaction.</summary>
public sealed class WriterGate : DbTransactionInterceptor
{
    private HeldWriter? _atStart;
    private HeldWriter? _atCommit;

    public HeldWriter Hold(UserStore store)
    {
        var held = new HeldWriter();
        _atStart = held;
        held.Done = store.Users.DeleteAsync("nobody", null, CancellationToken.None);
        held.Begun.Wait();
        return held;
    }

    public HeldWriter HoldCommit() => _atCommit = new HeldWriter();

    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        Interlocked.Exchange(ref _atStart, null)?.Wait();
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Interlocked.Exchange(ref _atCommit, null)?.Wait();
        return ValueTask.FromResult(result);
    }
}

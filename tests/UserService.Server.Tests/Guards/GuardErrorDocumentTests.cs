using System.Reflection;
using Google.Rpc;
using Grpc.Core;
using Users.Server.Guards;
using Status = Google.Rpc.Status;

namespace Users.Server.Tests.Guards;

/// <summary>The guards' table in docs/errors.md, the contract and <see cref="GuardFailures"/> name the same reasons.</summary>
public sealed class GuardErrorDocumentTests
{
    private static readonly string[] Reasons =
        [.. typeof(GuardReasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    private static readonly Status[] Failures =
    [
        GuardFailures.TokenMissing(), GuardFailures.TokenInvalid(), GuardFailures.TokenExpired(), GuardFailures.IssuerUnavailable(),
        GuardFailures.RateLimited("", "", TimeSpan.Zero), GuardFailures.TooManyStreams("", "", TimeSpan.Zero),
    ];

    private static IEnumerable<string[]> Rows => ErrorDocumentTests.RowsOf(2);

    [Fact]
    public void The_document_has_a_row_for_each_reason_and_its_code()
    {
        Assert.Equal(Reasons.Order(), Rows.Select(row => row[3]).Order());
        Assert.Equal(
            Failures.Select(failure => $"{failure.GetDetail<ErrorInfo>().Reason} {ErrorDocumentTests.Upper((StatusCode)failure.Code)}").Order(),
            Rows.Select(row => $"{row[3]} {row[2]}").Order());
    }

    [Fact]
    public void The_contract_names_each_reason()
    {
        string contract = ErrorDocumentTests.Contract;

        Assert.All(Reasons, reason => Assert.Contains(reason, contract, StringComparison.Ordinal));
    }
}

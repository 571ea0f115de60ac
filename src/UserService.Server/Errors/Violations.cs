using System.Text;
using Google.Rpc;
using Grpc.Core;
using Status = Google.Rpc.Status;

namespace Users.Server.Errors;

/// <summary>Gathers what is wrong with a request, so that one answer tells all of it.</summary>
internal sealed class Violations
{
    private const int MaxCount = 20;
    private const int MaxEcho = 64;

    // Details ride in a trailer, and some clients turn a larger one into RESOURCE_EXHAUSTED.
    private const int MaxStatusBytes = 4 * 1024;

    private readonly List<BadRequest.Types.FieldViolation> _all = [];

    public bool Any => _all.Count > 0;

    /// <param name="field">The field's path in the request, such as <c>update_mask</c>.</param>
    /// <param name="rule">What is wrong and what to do: a clause that follows the field's name.</param>
    public void Add(string field, string rule) => _all.Add(new() { Field = field, Description = rule });

    /// <summary>A caller's value as it may be shown back: at most 64 code points, without control characters.</summary>
    public static string Echo(string value)
    {
        var echo = new StringBuilder("\"");
        foreach (Rune rune in value.EnumerateRunes().Take(MaxEcho))
        {
            echo.Append(Rune.IsControl(rune) ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return echo.Append('"').ToString();
    }

    public void ThrowIfAny()
    {
        if (Any)
        {
            throw ToStatus().ToException();
        }
    }

    public Status ToStatus()
    {
        var detail = new BadRequest { FieldViolations = { _all.Take(MaxCount) } };
        while (true)
        {
            string more = _all.Count == 1 ? "" : $" (and {_all.Count - 1} more)";
            Status status = Failures.Create(StatusCode.InvalidArgument, Reasons.InvalidFields, $"{_all[0].Field} {_all[0].Description}{more}", [detail]);
            if (status.CalculateSize() < MaxStatusBytes)
            {
                return status;
            }

            detail.FieldViolations.RemoveAt(detail.FieldViolations.Count - 1);
        }
    }
}

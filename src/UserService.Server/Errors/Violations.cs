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

    private readonly List<BadRequest.Types.FieldViolation> _told = [];
    private int _count;

    public bool Any => _count > 0;

    /// <param name="field">The field's path in the request, such as <c>update_mask</c>.</param>
    /// <param name="rule">What is wrong and what to do: a clause that follows the field's name.</param>
    public void Add(string field, string rule)
    {
        _count++;
        if (_told.Count < MaxCount)
        {
            _told.Add(new() { Field = field, Description = rule });
        }
    }

    /// <summary>A caller's value in a sentence: in quotes, at most 64 code points, without control characters.</summary>
    public static string Echo(string value) => $"\"{Shortened(value)}\"";

    /// <summary>A caller's value in a field that programs read: as it is, but for control characters and what follows 64 code points.</summary>
    public static string Shortened(string value)
    {
        var shortened = new StringBuilder();
        foreach (Rune rune in value.EnumerateRunes().Take(MaxEcho))
        {
            shortened.Append(Rune.IsControl(rune) ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return shortened.ToString();
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
        var detail = new BadRequest { FieldViolations = { _told } };
        while (true)
        {
            string more = _count == 1 ? "" : $" (and {_count - 1} more)";
            Status status = Failures.Create(StatusCode.InvalidArgument, Reasons.InvalidFields, $"{_told[0].Field} {_told[0].Description}{more}", [detail]);
            if (status.CalculateSize() < MaxStatusBytes)
            {
                return status;
            }

            detail.FieldViolations.RemoveAt(detail.FieldViolations.Count - 1);
        }
    }
}

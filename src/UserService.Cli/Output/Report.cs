using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Users.Cli.Files;
using Users.Client.Output;
using Users.V1;

namespace Users.Cli.Output;

/// <summary>What a command answers: lines for a person or, with <c>--json</c>, one JSON object per line for a program, in which
/// messages have the form of proto3's JSON.</summary>
internal sealed class Report(Screen screen, bool isJson)
{
    // The screen escapes what a terminal would obey.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One user, with each field that is set.</summary>
    public void User(User user)
    {
        if (isJson)
        {
            screen.Json(JsonFormatter.Default.Format(user));
            return;
        }

        foreach (FieldDescriptor field in UserFields.All)
        {
            string name = field.Name switch { "create_time" => "created", "update_time" => "updated", var other => other };
            if (field.Text(user, "yyyy-MM-dd HH:mm:ss.ffffff'Z'") is { Length: > 0 } value)
            {
                screen.Line(($"{name,-8} ", Tone.Quiet), (value, Tone.Plain));
            }
        }
    }

    /// <summary>One user of many, in one line.</summary>
    public void Row(User user)
    {
        if (isJson)
        {
            screen.Json(JsonFormatter.Default.Format(user));
        }
        else
        {
            screen.Line((user.Id, Tone.Quiet), ($"  {user.Name} <{user.Email}>", Tone.Plain));
        }
    }

    /// <summary>How it ended: a sentence, or the same as an object.</summary>
    public void Result(string sentence, JsonObject json)
    {
        if (isJson)
        {
            screen.Json(json.ToJsonString(Readable));
        }
        else
        {
            screen.Line(sentence);
        }
    }

    /// <summary>Something of many that failed, while the command goes on.</summary>
    public void Problem(string sentence, JsonObject json)
    {
        if (isJson)
        {
            screen.Json(json.ToJsonString(Readable), isError: true);
        }
        else
        {
            screen.Error(sentence);
        }
    }

    /// <summary>What happens meanwhile.</summary>
    public void Note(string sentence) => Problem(sentence, new JsonObject { ["note"] = sentence });

    /// <summary>Why the command failed.</summary>
    /// <returns>The exit code.</returns>
    public int Failure(CommandException failure)
    {
        if (failure.ExitCode == ExitCodes.BrokenPipe)
        {
            return failure.ExitCode;
        }

        if (!isJson)
        {
            foreach (string line in failure.Details.Prepend(failure.Message).Append(failure.Advice ?? string.Empty).Where(line => line.Length > 0))
            {
                screen.Error(line);
            }

            return failure.ExitCode;
        }

        var error = new JsonObject { ["error"] = failure.Message, ["exitCode"] = failure.ExitCode };
        AddFailure(error, failure.Code, failure.Reason, failure.Details);
        Add(error, "advice", failure.Advice);
        screen.Json(error.ToJsonString(Readable), isError: true);
        return failure.ExitCode;
    }

    /// <summary>Adds what the server said of a failure, as far as it said anything.</summary>
    public static void AddFailure(JsonObject json, string? code, string? reason, IReadOnlyList<string> details)
    {
        Add(json, "code", code);
        Add(json, "reason", reason);
        if (details.Count > 0)
        {
            json["details"] = new JsonArray([.. details.Select(line => JsonValue.Create(line))]);
        }
    }

    private static void Add(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}

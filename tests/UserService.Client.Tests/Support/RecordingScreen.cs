using Users.Client.Output;

namespace Users.Client.Tests.Support;

/// <summary>A screen that is a pipe, and what was written to it.</summary>
internal sealed class RecordingScreen
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public RecordingScreen() => Screen = new Screen(_output, _error);

    public Screen Screen { get; }

    public string Output => _output.ToString();

    public string Error => _error.ToString();
}

namespace Users.Cli.Tests.Support;

/// <summary>Draws what the test says.</summary>
internal sealed class Drawn(double always) : Random
{
    public override double NextDouble() => always;
}

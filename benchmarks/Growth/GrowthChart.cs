namespace Users.Benchmarks.Growth;

/// <summary>CPU per call over the number of users, which has a logarithmic axis, as an SVG file for light and dark pages.</summary>
internal static class GrowthChart
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 60;
    private const int Right = 610;
    private const int Top = 64;
    private const int Bottom = 352;
    private const int LabelHeight = 18;
    private const double Goal = 1.3;

    private static readonly (string Figure, string Name)[] Shown =
    [
        ("get_c100", "get"),
        ("list", "list"),
        ("create_c50", "create"),
        ("ingest", "ingest"),
    ];

    public static IEnumerable<string> Lines(GrowthResults results)
    {
        ChartLine[] lines =
        [
            .. Shown.Select((line, i) => new ChartLine(line.Name, i, results.RelativeCpu(line.Figure)))
                .Where(line => line.Points.Length > 0),
        ];
        double most = Math.Max(1.5, Math.Ceiling(lines.Max(line => line.Points.Max(point => point.Value)) * 4) / 4);
        string unit = GrowthTable.NameOf(results.Sizes[results.Base]);
        return
        [
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" role="img">""",
            $"<title>CPU per call from {GrowthTable.NameOf(results.Sizes[0])} to {GrowthTable.NameOf(results.Sizes[^1])} users</title>",
            Style,
            $"""<rect class="page" width="{Width}" height="{Height}" rx="8"/>""",
            Text(Left, 30, $"CPU per call or streamed user, as a multiple of that at {unit} users", "start", "head"),
            .. Across(most),
            .. Along(results.Sizes),
            .. lines.SelectMany(Line),
            // Above the place where all lines meet, at 1.
            Text(X(results.Sizes[results.Base]), Y(Goal, most) - 6, $"goal: {Goal}", "middle"),
            .. Labels(lines, most),
            "</svg>",
        ];

        double X(int users) => results.Sizes.Length == 1
            ? Left
            : Left + ((Right - Left) * Math.Log((double)users / results.Sizes[0]) / Math.Log((double)results.Sizes[^1] / results.Sizes[0]));

        IEnumerable<string> Along(int[] sizes) => sizes
            .Select(size => Text(X(size), Bottom + 24, GrowthTable.NameOf(size), "middle"))
            .Append(Text((Left + Right) / 2, Bottom + 50, "users in the table", "middle"));

        IEnumerable<string> Line(ChartLine line)
        {
            (double X, double Y)[] points = [.. line.Points.Select(point => (X(point.Size), Y(point.Value, most)))];
            string path = string.Join(' ', points.Select(point => $"{point.X:f1},{point.Y:f1}"));
            yield return $"""<polyline class="line c{line.Colour}" points="{path}"/>""";
            foreach ((double x, double y) in points)
            {
                yield return $"""<circle class="f{line.Colour}" cx="{x:f1}" cy="{y:f1}" r="4"/>""";
            }
        }
    }

    // Of Okabe and Ito, who chose them for all eyes; darker on a light page.
    private static string Style => """
        <style>
        text { font: 14px sans-serif; paint-order: stroke; stroke-width: 4px } .head { font-weight: bold }
        .line { fill: none; stroke-width: 2.5 } .goal { stroke-dasharray: 6 4 }
        .page { fill: #ffffff } text { fill: #24292f; stroke: #ffffff } .grid { stroke: #d0d7de } .goal { stroke: #57606a }
        .c0 { stroke: #0072b2 } .c1 { stroke: #007a5a } .c2 { stroke: #c24e00 } .c3 { stroke: #a8487e }
        .f0 { fill: #0072b2 } .f1 { fill: #007a5a } .f2 { fill: #c24e00 } .f3 { fill: #a8487e }
        @media (prefers-color-scheme: dark) {
        .page { fill: #0d1117 } text { fill: #e6edf3; stroke: #0d1117 } .grid { stroke: #30363d } .goal { stroke: #8b949e }
        .c0 { stroke: #56b4e9 } .c1 { stroke: #2fc79a } .c2 { stroke: #e69f00 } .c3 { stroke: #e08fbd }
        .f0 { fill: #56b4e9 } .f1 { fill: #2fc79a } .f2 { fill: #e69f00 } .f3 { fill: #e08fbd }
        }
        </style>
        """;

    // Lines from left to right, about six of them, and the goal.
    private static IEnumerable<string> Across(double most)
    {
        double step = most <= 1.5 ? 0.25 : most <= 3 ? 0.5 : Math.Ceiling(most / 6);
        for (double value = 0; value <= most; value += step)
        {
            yield return Horizontal("grid", value, most);
            yield return Text(Left - 10, Y(value, most) + 5, $"{value:0.##}", "end");
        }

        yield return Horizontal("goal", Goal, most);
    }

    // Beside the lines' ends, moved apart where these are close.
    private static IEnumerable<string> Labels(ChartLine[] lines, double most)
    {
        double lowest = double.NegativeInfinity;
        foreach (ChartLine line in lines.OrderByDescending(line => line.Points[^1].Value))
        {
            lowest = Math.Max(Y(line.Points[^1].Value, most) + 5, lowest + LabelHeight);
            yield return Text(Right + 14, lowest, $"{line.Name} {line.Points[^1].Value:f2}", "start", $"f{line.Colour}");
        }
    }

    private static double Y(double value, double most) => Bottom - ((Bottom - Top) * value / most);

    private static string Horizontal(string style, double value, double most) =>
        $"""<line class="{style}" x1="{Left}" x2="{Right}" y1="{Y(value, most):f1}" y2="{Y(value, most):f1}"/>""";

    private static string Text(double x, double y, string text, string anchor, string style = "") =>
        $"""<text class="{style}" x="{x:f1}" y="{y:f1}" text-anchor="{anchor}">{text}</text>""";

    private sealed record ChartLine(string Name, int Colour, (int Size, double Value)[] Points);
}

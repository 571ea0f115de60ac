using System.Text.Json;

namespace Users.Benchmarks;

/// <summary>
/// What a command found: a table in Markdown on the console, and the same for programs, with the machine's card, in
/// <c>artifacts/benchmarks/NAME.json</c>.
/// </summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly string _name;
    private readonly string[] _columns;
    private readonly List<string[]> _rows = [];

    /// <param name="name">The command's.</param>
    /// <param name="columns">The head of the table.</param>
    public Report(string name, params string[] columns)
    {
        (_name, _columns) = (name, columns);
        Write(columns);
        Console.WriteLine($"|{string.Concat(Enumerable.Repeat("---|", columns.Length))}");
    }

    /// <summary>Writes a row at once, so that a long run shows what it has.</summary>
    public void Add(params string[] cells)
    {
        _rows.Add(cells);
        Write(cells);
    }

    /// <summary>Closes with what else is to be said, the machine's card, and the file.</summary>
    public async Task EndAsync(params string[] remarks)
    {
        foreach (string remark in remarks)
        {
            Console.WriteLine(remark);
        }

        MachineCard machine = MachineCard.Read();
        Console.WriteLine(machine);
        string folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "benchmarks"));
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{_name}.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { Command = _name, At = DateTimeOffset.Now, machine, remarks, Columns = _columns, Rows = _rows }, Indented));
        Console.WriteLine($"The same for programs: {file}");
    }

    private static void Write(string[] cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");
}

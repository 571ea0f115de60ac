using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Users.Data;
using Users.Server.Settings;

namespace Users.Server.Tests;

/// <summary>docs/operations.md, the log's tables of the other pages and appsettings.json say what the code does.</summary>
public sealed class OperationsDocumentTests
{
    private static readonly string Documents = Path.Combine(AppContext.BaseDirectory, "docs");
    private static readonly string Operations = Path.Combine(Documents, "operations.md");
    private static readonly PropertyInfo[] All = typeof(Limits).GetProperties();

    [Fact]
    public void The_table_of_limits_names_each_with_its_default_and_its_range() => Assert.Equal(
        from limit in All
        let range = limit.GetCustomAttribute<RangeAttribute>()
        select $"`{limit.Name}` | {Default(limit)} | {range.Minimum} to {range.Maximum}",
        Table(Operations, "## Limits", 4).Select(row => $"{row[0]} | {row[1]} | {row[2]}"));

    [Fact]
    public void Each_limit_says_what_happens_beyond_it() => Assert.DoesNotContain(Table(Operations, "## Limits", 4), row => row[3].Length == 0);

    [Fact]
    public void The_settings_file_names_each_limit_with_its_default()
    {
        IConfigurationRoot settings = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build();

        Assert.Equal(
            All.Select(limit => $"{limit.Name} {Default(limit)}").Order(),
            settings.GetSection("Limits").GetChildren().Select(setting => $"{setting.Key} {setting.Value}").Order());
    }

    [Fact]
    public void The_table_of_the_log_has_each_message_of_the_server_and_its_database()
    {
        Type[] types = [.. typeof(Program).Assembly.GetTypes(), .. typeof(UserStore).Assembly.GetTypes()];
        IEnumerable<string> messages =
            from type in types
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            let message = method.GetCustomAttribute<LoggerMessageAttribute>()
            where message is not null
            select $"{message.EventId} | {(message.Level is LogLevel.None ? "of the outcome" : message.Level)} | `{message.Message}`";
        // A part has its lines on its own page.
        string[][] rows = [.. Directory.EnumerateFiles(Documents, "*.md").SelectMany(page => Table(page, "## What the log says", 6))];

        Assert.Equal(messages.Order(), rows.Select(row => $"{row[1]} | {row[2]} | {row[3]}").Order());
        Assert.All(rows, row => Assert.Contains(types, type => NameOf(type) == row[0]));
    }

    private static string? NameOf(Type type) => type.FullName?.Replace('+', '.');

    private static string Default(PropertyInfo limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{limit.GetValue(new Limits())}");

    /// <summary>The rows of the first table under a heading, each with so many cells.</summary>
    private static IEnumerable<string[]> Table(string page, string heading, int cells) => File
        .ReadLines(page)
        .SkipWhile(line => line != heading)
        .SkipWhile(line => !line.StartsWith('|'))
        .Skip(2)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
        .Select(row => row.Length == cells ? row : throw new InvalidOperationException($"Not {cells} cells: {string.Join('|', row)}"));
}

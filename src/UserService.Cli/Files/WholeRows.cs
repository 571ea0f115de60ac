using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Users.Cli.Files;

/// <summary>
/// Where an export's file stops being whole: a program or a disk that gave up left half a row, and a next row behind it would be fused
/// with it. Only a reading from the start tells a line break that ends a row from one inside quotes.
/// </summary>
/// <param name="End">How many bytes hold whole rows.</param>
/// <param name="LastId">The id in the last of them; null where there is none, such as in a header row.</param>
internal readonly record struct WholeRows(long End, string? LastId)
{
    // What the header row has in the place of an id.
    private const string Header = "id";
    private const int BufferSize = 64 * 1024;

    /// <param name="file">Open for reading; it is left where it is read to.</param>
    /// <param name="format">How its users are written.</param>
    public static async Task<WholeRows> FindAsync(Stream file, DataFormat format)
    {
        file.Position = 0;
        byte[] buffer = new byte[BufferSize];
        bool isQuoted = false;
        (long start, long end, long position) = (0, 0, 0);
        // A device may be read for ever, and says that it has no length.
        for (int read; position < file.Length && (read = await file.ReadAsync(buffer)) > 0; position += read)
        {
            for (int i = 0; i < read; i++)
            {
                // A quote in quotes is doubled, so it changes nothing.
                isQuoted ^= buffer[i] == '"' && format is DataFormat.Csv;
                if (buffer[i] == '\n' && !isQuoted)
                {
                    (start, end) = (end, position + i + 1);
                }
            }
        }

        byte[] row = new byte[end - start];
        file.Position = start;
        await file.ReadExactlyAsync(row);
        return new WholeRows(end, IdOf(Encoding.UTF8.GetString(row), format));
    }

    private static string? IdOf(string row, DataFormat format)
    {
        try
        {
            string? id = format is DataFormat.Csv ? row.Split(',')[0] : (string?)JsonNode.Parse(row)?["id"];
            return id is "" or Header ? null : id;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using Users.V1;

namespace Users.Benchmarks.Load;

/// <summary>Calls with one request in a closed loop: each stream makes its next call when the last was answered.</summary>
internal sealed class UnaryLoad(LoadTarget target, TimeSpan time, CancellationToken cancellationToken)
{
    private readonly LoadRun _run = new();
    private readonly List<double> _latencies = [];
    private int _created;

    /// <summary>Of the users that <see cref="CreateAsync"/> has created.</summary>
    public ConcurrentQueue<string> CreatedIds { get; } = [];

    /// <summary>GetUser of random users; each answer has to be the one that was asked for.</summary>
    public Task<Sample> GetAsync(int connections, int streams) => RunAsync(
        "GetUser",
        connections,
        streams,
        () =>
        {
            int index = Random.Shared.Next(target.UserIds.Length);
            return (new GetUserRequest { Id = target.UserIds[index] }, index);
        },
        (index, user) => IsId(user, target.UserIds[index]));

    /// <summary>ListUsers of one page, from somewhere in the middle half; one caller.</summary>
    public Task<Sample> ListPageAsync(int users)
    {
        int quarter = target.UserIds.Length / 4;
        int due = 0;
        return RunAsync(
            "ListUsers",
            1,
            1,
            () =>
            {
                if (due != 0)
                {
                    throw new InvalidOperationException($"A page ended {due} users too early.");
                }

                due = users;
                int index = Random.Shared.Next(quarter, 3 * quarter);
                return (new ListUsersRequest { PageSize = users, AfterId = target.UserIds[index] }, index);
            },
            (_, _) => --due >= 0);
    }

    /// <summary>CreateUser, each with an email of its own.</summary>
    public Task<Sample> CreateAsync(int connections, int streams)
    {
        string prefix = Guid.NewGuid().ToString("n");
        return RunAsync(
            "CreateUser",
            connections,
            streams,
            () =>
            {
                int number = Interlocked.Increment(ref _created);
                return (new CreateUserRequest { Name = "Ada Lovelace", Email = $"{prefix}.{number}@example.com" }, number);
            },
            (_, user) =>
            {
                CreatedIds.Enqueue(IdOf(user));
                return true;
            });
    }

    /// <summary>Field 1 comes first: its tag, its length of 36, and the id.</summary>
    public static string IdOf(ReadOnlySpan<byte> user) => Encoding.ASCII.GetString(user.Slice(2, 36));

    private async Task<Sample> RunAsync(
        string method, int connections, int streams, Func<(IMessage Message, int Note)> next, Func<int, ReadOnlySpan<byte>, bool> isRight)
    {
        bool single = connections * streams == 1;
        Sample sample = await _run.MeasureAsync(
            target.Process, time, Enumerable.Repeat(Loop, connections), cancellationToken);
        // The half of the warm-up comes first.
        return single ? sample with { Median = Figures.Median([.. _latencies.Skip(_latencies.Count / 2)], latency => latency) } : sample;

        void Loop()
        {
            using var connection = target.Connect(method);
            int open = 0;
            connection.OnMessage = (stream, message) =>
            {
                if (!isRight(stream.Note, message))
                {
                    throw new InvalidOperationException($"{method} answered something else.");
                }
            };
            connection.OnEnd = stream =>
            {
                open--;
                _run.Add(1);
                if (single)
                {
                    _latencies.Add(Stopwatch.GetElapsedTime(stream.Opened).TotalMicroseconds);
                }

                CallNext();
            };
            for (int i = 0; i < streams; i++)
            {
                CallNext();
            }

            while (open > 0)
            {
                connection.Read();
            }

            void CallNext()
            {
                if (!_run.IsEnded)
                {
                    open++;
                    (IMessage request, int note) = next();
                    connection.Open(request, last: true).Note = note;
                }
            }
        }
    }

    private static bool IsId(ReadOnlySpan<byte> user, string id) =>
        user.Length > 38 && Ascii.Equals(user.Slice(2, 36), id);
}

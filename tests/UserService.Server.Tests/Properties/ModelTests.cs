using Users.Server.Tests.Properties.Model;
using Users.Server.Tests.Properties.Operations;
using Users.Server.Tests.Support;

namespace Users.Server.Tests.Properties;

public sealed class ModelTests
{
    [Fact]
    public async Task Whatever_clients_do_the_service_answers_as_the_model_does()
    {
        RunningServer server = await RunningServer.StartAsync();
        var lobby = new RoomModel("lobby");

        await Property.HoldsAsync(40, Sequence.Any, sequence => sequence.Shrink(), async sequence =>
        {
            try
            {
                await RunAsync(sequence, new World(server.Client, lobby));
            }
            catch
            {
                // What a failed case left behind must not fail the smaller ones after it.
                server.Log.Expected = _ => true;
                await server.DisposeAsync();
                (server, lobby) = (await RunningServer.StartAsync(), new RoomModel("lobby"));
                throw;
            }
        });

        await server.Counts.WaitForAsync(calls: 0);
        await server.DisposeAsync();
    }

    private static async Task RunAsync(Sequence sequence, World world)
    {
        foreach (Operation operation in sequence.Operations)
        {
            await operation.RunAsync(world);
        }

        await world.EndAsync();
    }
}

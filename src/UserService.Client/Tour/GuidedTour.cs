using Grpc.Core;
using Users.Client.Connection;
using Users.Client.Output;
using Users.V1;

namespace Users.Client.Tour;

/// <summary>Runs the steps in turn and shows how each ended; the calls themselves are in the steps.</summary>
internal sealed class GuidedTour(TourContext context, Screen screen)
{
    /// <returns>Whether every step ended as expected.</returns>
    /// <exception cref="RpcException">The server became unavailable: the rest of the tour would say the same.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        List<string> surprises = [];
        foreach ((int index, Step step) in TourSteps.All.Index())
        {
            screen.Line(string.Empty);
            screen.Line($"{index + 1}. {step.Title}", Tone.Heading);
            screen.Line($"   {step.Lesson}", Tone.Quiet);
            screen.Line($"   {UserService.Descriptor.FullName}/{step.Method}");
            Ending ending = await RunAsync(step, cancellationToken);
            if (ending != step.Expected)
            {
                surprises.Add($"{step.Title}: {ending} instead of {step.Expected}");
            }
        }

        bool isGood = Conclude(surprises);
        await context.CleanUpAsync(cancellationToken);
        return isGood;
    }

    private async Task<Ending> RunAsync(Step step, CancellationToken cancellationToken)
    {
        try
        {
            await step.RunAsync(context, cancellationToken);
            return Show(new Ending(StatusCode.OK), step.Expected);
        }
        catch (RpcException e) when (e.StatusCode is not StatusCode.Unavailable && !cancellationToken.IsCancellationRequested)
        {
            RpcFailure failure = RpcFailure.Read(e);
            Ending ending = Show(new Ending(failure.Code, failure.Reason), step.Expected);
            foreach (string line in failure.Details.Prepend(failure.Text).Where(line => line.Length > 0))
            {
                screen.Line($"      {line}");
            }

            return ending;
        }
    }

    private Ending Show(Ending ending, Ending expected)
    {
        if (ending == expected)
        {
            screen.Line($"   {ending}", Tone.Good);
        }
        else
        {
            screen.Line($"   {ending}, expected {expected}", Tone.Bad);
        }

        return ending;
    }

    private bool Conclude(List<string> surprises)
    {
        screen.Line(string.Empty);
        if (surprises.Count == 0)
        {
            screen.Line($"All {TourSteps.All.Count} steps ended as they should.", Tone.Good);
            return true;
        }

        screen.Line($"{surprises.Count} of {TourSteps.All.Count} steps did not end as they should:", Tone.Bad);
        foreach (string surprise in surprises)
        {
            screen.Line($"   {surprise}", Tone.Bad);
        }

        return false;
    }
}

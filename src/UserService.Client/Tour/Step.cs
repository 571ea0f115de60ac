namespace Users.Client.Tour;

/// <summary>One stop of the tour.</summary>
/// <param name="Title">The pattern, or the failure, that it shows.</param>
/// <param name="Lesson">What a reader should take from it, in one sentence.</param>
/// <param name="Method">The method called.</param>
/// <param name="Expected">The ending without which the tour has failed.</param>
/// <param name="RunAsync">The calls, as any client would make them; a failed one throws.</param>
internal sealed record Step(
    string Title,
    string Lesson,
    string Method,
    Ending Expected,
    Func<TourContext, CancellationToken, Task> RunAsync);

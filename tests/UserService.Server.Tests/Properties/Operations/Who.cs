using FsCheck;
using FsCheck.Fluent;
using Users.Server.Tests.Properties.Model;

namespace Users.Server.Tests.Properties.Operations;

/// <summary>Names a user before its id is known: by its place in the order of creation, deleted or not, or by a strange id.</summary>
internal sealed record Who(int Place, bool InCapitals, string? Strange)
{
    public static Gen<Who> Any { get; } = Gen.Frequency(
        (10, from place in Gen.Choose(0, 1000) from capitals in Gen.Choose(0, 4) select new Who(place, capitals == 0, null)),
        (1, Values.StrangeIds.Select(id => new Who(0, false, id))));

    public ModelUser? In(UserModel model) =>
        Strange is null && model.Everybody.Count > 0 ? model.Everybody[Place % model.Everybody.Count] : null;

    public string IdIn(UserModel model) =>
        In(model) is not { } user ? Strange ?? "01900000-0000-7000-8000-000000000000"
        : InCapitals ? user.Id.ToUpperInvariant()
        : user.Id;
}

internal enum EtagKind
{
    None,
    Current,
    Stale,
    Strange,
}

internal static class Etags
{
    public static Gen<EtagKind> Any { get; } = Gen.Frequency(
        (8, Gen.Elements(EtagKind.None, EtagKind.Current)), (2, Gen.Elements(EtagKind.Stale, EtagKind.Strange)));

    public static string? Of(this EtagKind kind, ModelUser? user) => kind switch
    {
        EtagKind.None => null,
        EtagKind.Current => user?.Etag,
        EtagKind.Stale => user?.StaleEtag,
        _ => "strange",
    };
}

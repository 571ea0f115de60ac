using FsCheck;
using FsCheck.Fluent;

namespace Users.Server.Tests.Properties.Model;

/// <summary>Small pools, so that values meet again. What is good in them is listed, so that the model needs no rules of its own.</summary>
internal static class Values
{
    private static readonly string[] GoodNames = ["Ada", " Ada\t", "Grace", "Žofie 😀", new('x', 200)];
    private static readonly string[] BadNames = ["", "  ", "a\0b", new('x', 201)];
    private static readonly string[] GoodEmails = ["a@x.org", "A@x.org", "b@x.org", "B@X.ORG", "c@x.org", "d@x.org", "e'--@x.org"];
    private static readonly string[] BadEmails = ["", "nobody", "a@x.org ", "á@x.org"];
    private static readonly string[] GoodUuids =
    [
        "0b9f2a44-6a01-4e5c-9d5b-0a1b2c3d4e5f", "0B9F2A44-6A01-4E5C-9D5B-0A1B2C3D4E5F", "7c1d2e3f-0000-1000-8000-00805f9b34fb",
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ];

    private static readonly string[] BadUuids = ["1", "0b9f2a446a014e5c9d5b0a1b2c3d4e5f", "{0b9f2a44-6a01-4e5c-9d5b-0a1b2c3d4e5f}"];

    public static Gen<string> Names { get; } = Mostly(GoodNames, BadNames);

    public static Gen<string> Emails { get; } = Mostly(GoodEmails, BadEmails);

    public static Gen<string> RequestIds { get; } =
        Gen.Frequency((6, Gen.Constant("")), (6, Gen.Elements(GoodUuids)), (1, Gen.Elements(BadUuids)));

    public static Gen<string> StrangeIds { get; } = Gen.Elements([.. GoodUuids, .. BadUuids, ""]);

    public static bool IsName(string name) => GoodNames.Contains(name);

    public static bool IsEmail(string email) => GoodEmails.Contains(email);

    /// <summary>An id that is in no pool is one that the server drew.</summary>
    public static bool IsUuid(string id) => id.Length > 0 && !BadUuids.Contains(id);

    private static Gen<string> Mostly(string[] good, string[] bad) => Gen.Frequency((8, Gen.Elements(good)), (1, Gen.Elements(bad)));
}

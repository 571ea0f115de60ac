using Microsoft.Extensions.Options;
using Users.Data;
using Users.Server.Settings;

namespace Users.Server.Hosting;

internal static class StoreSetup
{
    public static void AddStore(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => UserStore.Open(
            StoreOptions(builder.Configuration, builder.Environment, services.GetRequiredService<IOptions<Limits>>().Value),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(services => services.GetRequiredService<UserStore>().Users);
        builder.Services.AddSingleton(services => services.GetRequiredService<UserStore>().Chat);
        builder.Services.AddHostedService<StoreOpening>();
        builder.Services.AddHostedService<Announcement>();
    }

    private static UserStoreOptions StoreOptions(ConfigurationManager configuration, IHostEnvironment environment, Limits limits) => new()
    {
        ConnectionString = configuration.GetConnectionString("Users")
            ?? throw new UserStoreException("ConnectionStrings:Users is not set: give it a file, such as \"Data Source=users.db\"."),
        // A relative file lies beside the settings, so it is the same one from whatever directory the server is started.
        BaseDirectory = environment.ContentRootPath,
        BusyTimeout = limits.StoreBusy,
        WriteQueueLength = limits.WriteQueueLength,
        MaxCommit = limits.MaxCommit,
        MaxSizeMegabytes = limits.MaxStoreMegabytes,
        MapMegabytes = limits.StoreMapMegabytes,
        RoomTailLength = limits.RoomTail,
        FastPath = bool.TryParse(configuration["Database:FastPath"] ?? bool.TrueString, out bool isOn)
            ? isOn
            : throw new UserStoreException($"Database:FastPath is '{configuration["Database:FastPath"]}': write true or false."),
    };
}

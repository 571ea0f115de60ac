using Microsoft.Extensions.Options;
using Users.Data;
using Users.Server.Settings;

namespace Users.Server.Hosting;

internal static class StoreSetup
{
    public static void AddStore(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddOptions<UserStoreOptions>().Configure<IConfiguration, IHostEnvironment, IOptions<Limits>, IOptions<ChatSettings>>(Configure);
        builder.Services.AddSingleton(services => UserStore.Open(
            services.GetRequiredService<IOptions<UserStoreOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(services => services.GetRequiredService<UserStore>().Users);
        builder.Services.AddSingleton(services => services.GetRequiredService<UserStore>().Chat);
        builder.Services.AddHostedService<StoreOpening>();
        builder.Services.AddHostedService<Announcement>();
    }

    private static void Configure(
        UserStoreOptions options, IConfiguration configuration, IHostEnvironment environment, IOptions<Limits> limits, IOptions<ChatSettings> chat)
    {
        options.ConnectionString = configuration.GetConnectionString("Users")
            ?? throw new UserStoreException("ConnectionStrings:Users is not set: give it a file, such as \"Data Source=users.db\".");
        // A relative file lies beside the settings, so it is the same one from whatever directory the server is started.
        options.BaseDirectory = environment.ContentRootPath;
        options.BusyTimeout = limits.Value.StoreBusy;
        options.WriteQueueLength = limits.Value.WriteQueueLength;
        options.MaxCommit = limits.Value.MaxCommit;
        options.MaxSizeMegabytes = limits.Value.MaxStoreMegabytes;
        options.MapMegabytes = limits.Value.StoreMapMegabytes;
        options.RoomTailLength = limits.Value.RoomTail;
        options.SpeakersAreUsers = chat.Value.SpeakersAreUsers;
    }
}

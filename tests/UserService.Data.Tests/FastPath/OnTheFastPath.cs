namespace Users.Data.Tests.FastPath;

// The tests of the store, each run on the fast path, too.
public sealed class FastUserRepositoryTests() : UserRepositoryTests(fastPath: true);

public sealed class FastUserBatchTests() : UserBatchTests(fastPath: true);

public sealed class FastUserListTests() : UserListTests(fastPath: true);

public sealed class FastChatLogTests() : ChatLogTests(fastPath: true);

public sealed class FastChatRaceTests() : ChatRaceTests(fastPath: true);

public sealed class FastStoreWriterTests() : StoreWriterTests(fastPath: true);

public sealed class FastFullStoreTests() : FullStoreTests(fastPath: true);

public sealed class FastStoreLogTests() : StoreLogTests(fastPath: true);

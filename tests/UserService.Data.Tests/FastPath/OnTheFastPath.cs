using Users.Data.Sqlite.FastPath;

namespace Users.Data.Tests.FastPath;

// The tests of the store, each run on the fast path, too.
public sealed class FastUserRepositoryTests() : UserRepositoryTests(FastPathOption.UseFastPath);

public sealed class FastUserBatchTests() : UserBatchTests(FastPathOption.UseFastPath);

public sealed class FastFieldTests() : FieldTests(FastPathOption.UseFastPath);

public sealed class FastUserListTests() : UserListTests(FastPathOption.UseFastPath);

public sealed class FastChatLogTests() : ChatLogTests(FastPathOption.UseFastPath);

public sealed class FastMessageOnceTests() : MessageOnceTests(FastPathOption.UseFastPath);

public sealed class FastSqliteFileTests() : SqliteFileTests(FastPathOption.UseFastPath);

public sealed class FastChatRaceTests() : ChatRaceTests(FastPathOption.UseFastPath);

public sealed class FastStoreWriterTests() : StoreWriterTests(FastPathOption.UseFastPath);

public sealed class FastFullStoreTests() : FullStoreTests(FastPathOption.UseFastPath);

public sealed class FastStoreLogTests() : StoreLogTests(FastPathOption.UseFastPath);

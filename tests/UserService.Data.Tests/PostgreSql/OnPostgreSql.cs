namespace Users.Data.Tests.PostgreSql;

public sealed class PostgreSqlUserRepositoryTests() : UserRepositoryTests(PostgreSqlDatabases.Use);

public sealed class PostgreSqlUserBatchTests() : UserBatchTests(PostgreSqlDatabases.Use);

public sealed class PostgreSqlFieldTests() : FieldTests(PostgreSqlDatabases.Use);

public sealed class PostgreSqlUserListTests() : UserListTests(PostgreSqlDatabases.Use);

public sealed class PostgreSqlChatLogTests() : ChatLogTests(PostgreSqlDatabases.Use);

public sealed class PostgreSqlMessageOnceTests() : MessageOnceTests(PostgreSqlDatabases.Use);

public sealed class PostgreSqlChatRaceTests() : ChatRaceTests(PostgreSqlDatabases.Use);

public sealed class PostgreSqlStoreWriterTests() : StoreWriterTests(PostgreSqlDatabases.Use);

public sealed class PostgreSqlStoreLogTests() : StoreLogTests(PostgreSqlDatabases.Use);

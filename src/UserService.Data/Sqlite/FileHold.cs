using Microsoft.Data.Sqlite;

namespace Users.Data.Sqlite;

/// <summary>
/// Holds the database for this process: by the lock file beside it, which is one for each name, and on Linux by the file itself, which may
/// have several. The operating system lets go of both when the process ends, however it ends. The lock file stays: deleting it would let two
/// processes lock two files of the same name.
/// </summary>
internal sealed class FileHold : IDisposable
{
    private static readonly string[] Remote = ["nfs", "cifs", "smb", "fuse", "9p", "afs", "ceph", "lustre", "gfs", "ocfs", "gpfs"];

    private readonly string _path;
    private readonly FileStream _name;
    private readonly FileStream? _file;
    private LinuxFile? _known;

    /// <summary>Takes both, and refuses a file that another process could reach by another name.</summary>
    public FileHold(SqliteConnectionStringBuilder file)
    {
        _path = file.DataSource;
        _name = Open(_path + ".lock", FileMode.OpenOrCreate);
        try
        {
            _known = LinuxFile.At(_path);
            RefuseSecondName(_known);
            // .NET takes flock for FileShare.None, which SQLite's own locks and its command line do not see.
            _file = OperatingSystem.IsLinux() && IsLocal(_path) && (_known is not null || file.Mode is SqliteOpenMode.ReadWriteCreate)
                ? Open(_path, FileMode.OpenOrCreate)
                : null;
            _known = LinuxFile.At(_path);
        }
        catch (Exception)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether the path still names the file that is open, with something in it. What SQLite writes to another one is lost.</summary>
    public bool IsThere
    {
        get
        {
            LinuxFile? now = LinuxFile.At(_path);
            // Where only SQLite opens it, a new file is not there before.
            _known ??= now;
            return new FileInfo(_path) is { Exists: true, Length: > 0 } && now?.Inode == _known?.Inode && now?.Device == _known?.Device;
        }
    }

    /// <summary>To be called after SQLite's connections are closed: closing any handle of a file drops the process's POSIX locks on it (fcntl(2)).</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _name.Dispose();
    }

    private void RefuseSecondName(LinuxFile? file)
    {
        if (file is { Links: > 1 })
        {
            throw new UserStoreException(
                $"The database '{_path}' has {file.Value.Links} names (hard links), and a process that uses another one would not see this one's lock; keep one.");
        }

        if (file is { IsMountPoint: true })
        {
            throw new UserStoreException(
                $"The database '{_path}' is a mount point, and its write-ahead log would lie outside; mount the folder, not the file.");
        }
    }

    // On a file system of the network flock may be SQLite's own kind of lock.
    private static bool IsLocal(string path)
    {
        string format = new DriveInfo(Path.GetDirectoryName(path)!).DriveFormat;
        return !Array.Exists(Remote, name => format.StartsWith(name, StringComparison.OrdinalIgnoreCase));
    }

    private FileStream Open(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserStoreException(Sentence(error), error);
        }
    }

    private string Sentence(Exception error) => error switch
    {
        UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException =>
            $"The folder '{Path.GetDirectoryName(_path)}' of the database cannot be written; check its permissions.",
        // Of flock on Linux and on macOS, and of Windows' sharing (errno(3), winerror.h).
        { HResult: 11 or 35 or unchecked((int)0x80070020) } =>
            $"The database '{_path}' is in use by another process; stop that one or name another file.",
        { HResult: 28 or unchecked((int)0x80070070) } => $"There is no space, or no inode, left for the database '{_path}'; make room.",
        { HResult: 30 or unchecked((int)0x80070013) } => $"The file system of the database '{_path}' is read-only; mount it for writing or name another file.",
        _ => $"The database '{_path}' cannot be opened (error {error.HResult}).",
    };
}

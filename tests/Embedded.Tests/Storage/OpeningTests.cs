using System.Diagnostics;
using System.Globalization;
using Orleans.Storage;
using Xunit;

namespace OpenBitum.Storage;

public sealed class OpeningTests
{
    [Fact]
    public async Task Two_stores_do_not_share_a_directory_and_the_refusal_names_the_holder()
    {
        await using var fixture = new StoreFixture();
        var first = await fixture.Open();

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => fixture.Open());

        Assert.Equal(StoreRefusal.InUse, refusal.Refusal);
        Assert.Equal(
            $"{fixture.DataDirectory} is in use by process {Environment.ProcessId}; stop it or choose another Data:Directory.",
            refusal.Message);
        Assert.Equal(1, await first.Note("the first goes on"));
    }

    [Fact]
    public async Task A_directory_held_by_another_process_is_refused_until_that_ends()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "The flock program of util-linux is not installed.");
        await using var fixture = new StoreFixture();
        var lockPath = Path.Combine(fixture.DataDirectory, "lock");
        string[] hold = [lockPath, "sh", "-c", $"echo $$ > {lockPath}; echo held; read line"];
        using var holder = Process.Start(new ProcessStartInfo("/usr/bin/flock", hold)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync());
        var pid = (await new FileStreamlessReader(lockPath).ReadAll()).Trim();

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => fixture.Open());
        Assert.Contains($"is in use by process {pid};", refusal.Message, StringComparison.Ordinal);

        await holder.StandardInput.WriteLineAsync("go");
        await holder.WaitForExitAsync();
        Assert.Equal(1, await (await fixture.Open()).Note("free again"));
    }

    [Fact]
    public async Task The_file_and_its_log_are_for_their_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("File modes are Unix's.");
            return;
        }

        await using var fixture = new StoreFixture();
        var store = await fixture.Open();
        await store.Note("private");

        foreach (var file in new[] { fixture.DatabasePath, fixture.DatabasePath + "-wal", fixture.DatabasePath + "-shm" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_tool_may_read_the_file_beside_a_running_store()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();
        await store.Note("seen");

        using var beside = StoreConnection.OpenReader(fixture.DatabasePath, 1_024);

        Assert.Equal(["seen"], beside.AllNotes());
    }

    [Fact]
    public async Task Scripts_are_applied_once_and_in_order()
    {
        await using var fixture = new StoreFixture();
        SchemaScript[] scripts =
        [
            StoreFixture.Notes,
            new("002-more", "ALTER TABLE notes ADD COLUMN more TEXT; INSERT INTO notes (text) VALUES ('from 002')"),
            new("003-last", "UPDATE notes SET more = 'from 003'"),
        ];
        (await fixture.Open(options => options.SchemaScripts = scripts[..2])).Kill();
        var store = await fixture.Open(options => options.SchemaScripts = scripts);

        Assert.Equal(["from 002"], await store.Notes());
        Assert.Equal(
            ["001-engine", "001-notes", "002-more", "003-last"],
            await store.Read(connection => Column(connection, "SELECT name FROM schema_scripts ORDER BY name")));
        Assert.Equal(["from 003"], await store.Read(connection => Column(connection, "SELECT more FROM notes")));
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_of_itself_and_keeps_those_before_it()
    {
        await using var fixture = new StoreFixture();
        var broken = new SchemaScript("002-broken", "INSERT INTO notes (text) VALUES ('half'); SELECT a FROM nowhere");
        await Assert.ThrowsAsync<StoreRefusedException>(
            () => fixture.Open(options => options.SchemaScripts = [StoreFixture.Notes, broken]));

        Assert.Empty(await (await fixture.Open()).Notes());
    }

    [Fact]
    public async Task A_file_with_a_script_that_the_program_lacks_is_newer_and_refused_with_both_versions()
    {
        await using var fixture = new StoreFixture();
        var later = new SchemaScript("002-later", "CREATE TABLE later (id INTEGER)");
        (await fixture.Open(options => options.SchemaScripts = [StoreFixture.Notes, later])).Kill();

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => fixture.Open());

        Assert.Equal(StoreRefusal.NewerThanProgram, refusal.Refusal);
        Assert.Contains("'002-later'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'001-notes'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_whose_text_has_changed_is_refused_but_not_for_its_line_ends()
    {
        await using var fixture = new StoreFixture();
        (await Open("CREATE TABLE notes (\n id INTEGER)\n")).Kill();
        (await Open("CREATE TABLE notes (\r\n id INTEGER)")).Kill();

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => Open("CREATE TABLE notes (id TEXT)"));

        Assert.Equal(StoreRefusal.ScriptsDiffer, refusal.Refusal);

        Task<EmbeddedStore> Open(string sql) => fixture.Open(options => options.SchemaScripts = [new("001-notes", sql)]);
    }

    [Fact]
    public async Task A_new_script_in_front_of_an_applied_one_is_refused()
    {
        await using var fixture = new StoreFixture();
        (await fixture.Open()).Kill();
        var first = new SchemaScript("000-first", "CREATE TABLE first (id INTEGER)");

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(
            () => fixture.Open(options => options.SchemaScripts = [first, StoreFixture.Notes]));

        Assert.Equal(StoreRefusal.ScriptsDiffer, refusal.Refusal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        await using var fixture = new StoreFixture();
        var text = string.Join('\n', Enumerable.Repeat("this is a shopping list and no database", 1_000));
        await File.WriteAllTextAsync(fixture.DatabasePath, text);

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => fixture.Open());

        Assert.Equal(StoreRefusal.Corrupt, refusal.Refusal);
        Assert.Contains("restore a backup", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(fixture.DatabasePath));
    }

    [Fact]
    public async Task A_file_with_a_damaged_page_is_refused_and_a_backup_of_it_opens()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();
        await Task.WhenAll(Enumerable.Range(0, 2_000).Select(number => store.Note($"note {number} {new string('x', 100)}")));
        var backup = Path.Combine(fixture.DataDirectory, "backup.db");
        await store.BackupTo(backup);
        await store.Stop(CancellationToken.None);
        await using (var file = new FileStream(fixture.DatabasePath, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Position = file.Length / 4_096 / 2 * 4_096;
            await file.WriteAsync(new byte[4_096]);
        }

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => fixture.Open());
        Assert.Equal(StoreRefusal.Corrupt, refusal.Refusal);

        File.Move(backup, fixture.DatabasePath, overwrite: true);
        Assert.Equal(2_000, (await (await fixture.Open()).Notes()).Count);
    }

    [Fact]
    public async Task A_backup_holds_what_was_acknowledged_and_never_replaces_a_file()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();
        await store.Note("acknowledged");
        var target = Path.Combine(fixture.DataDirectory, "backup.db");

        await store.BackupTo(target);
        await store.Note("later");

        using (var copy = StoreConnection.OpenReader(target, 1_024))
        {
            Assert.Equal(["acknowledged"], copy.AllNotes());
        }

        await Assert.ThrowsAsync<IOException>(() => store.BackupTo(target));
        Assert.Empty(Directory.GetFiles(fixture.DataDirectory, "*.partial*"));
        Assert.Equal(2, (await store.Notes()).Count);
    }

    [Fact]
    public async Task Of_backups_at_once_to_one_target_one_is_made_and_the_others_are_refused()
    {
        await using var fixture = new StoreFixture();
        var store = await fixture.Open();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(number => store.Note($"note {number}")));
        var target = Path.Combine(fixture.DataDirectory, "backup.db");

        var backups = Enumerable.Range(0, 4).Select(_ => store.BackupTo(target)).ToArray();
        var refused = 0;
        foreach (var backup in backups)
        {
            if (await Record.ExceptionAsync(() => backup) is { } exception)
            {
                Assert.IsType<IOException>(exception);
                refused++;
            }
        }

        Assert.Equal(backups.Length - 1, refused);
        Assert.Equal([target], Directory.GetFiles(fixture.DataDirectory, "backup.db*"));
        using var copy = StoreConnection.OpenReader(target, 1_024);
        Assert.Equal(500, copy.AllNotes().Count);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_refused_with_what_to_do()
    {
        await using var fixture = new StoreFixture();
        var file = Path.Combine(fixture.DataDirectory, "a file");
        await File.WriteAllTextAsync(file, "");

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(
            () => fixture.Open(options => options.DataDirectory = Path.Combine(file, "data")));

        Assert.Equal(StoreRefusal.NotWritable, refusal.Refusal);
        Assert.Contains("choose another Data:Directory", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lock_holds_the_pid_for_people_and_the_directory_is_the_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes, and its locks forbid reading.");
        await using var fixture = new StoreFixture();
        var directory = Path.Combine(fixture.DataDirectory, "data");
        await fixture.Open(options => options.DataDirectory = directory);

        Assert.Equal(
            Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n",
            await new FileStreamlessReader(Path.Combine(directory, "lock")).ReadAll());
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(directory));
    }

    private static List<string> Column(StoreConnection connection, string sql)
    {
        var values = new List<string>();
        var statement = connection.Statement(sql);
        while (statement.Step())
        {
            values.Add(statement.Text(0));
        }

        return values;
    }

    /// <summary>Reads as a person in a shell would: .NET asks for the lock even to read.</summary>
    private sealed class FileStreamlessReader(string path)
    {
        public async Task<string> ReadAll()
        {
            using var cat = Process.Start(new ProcessStartInfo("cat", [path]) { RedirectStandardOutput = true })!;
            var text = await cat.StandardOutput.ReadToEndAsync();
            await cat.WaitForExitAsync();
            return text;
        }
    }
}

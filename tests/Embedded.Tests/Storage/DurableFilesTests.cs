using Orleans.Storage;
using Xunit;

namespace OpenBitum.Storage;

public sealed class DurableFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("openbitum-files-").FullName;

    private string Target => Path.Combine(folder, "target");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Of_two_drafts_the_first_gets_the_name_and_the_second_changes_nothing()
    {
        var (first, second) = (Draft("first"), Draft("second"));

        Assert.True(DurableFiles.TryName(first, Target));
        Assert.False(DurableFiles.TryName(second, Target));

        Assert.Equal("first", File.ReadAllText(Target));
        Assert.Equal("second", File.ReadAllText(second));
    }

    [Fact]
    public void Two_drafts_for_one_name_are_apart() => Assert.NotEqual(DurableFiles.DraftOf(Target), DurableFiles.DraftOf(Target));

    [Fact]
    public void A_draft_that_is_gone_is_a_failure_and_no_name_that_is_taken()
        => Assert.ThrowsAny<IOException>(() => DurableFiles.TryName(DurableFiles.DraftOf(Target), Target));

    [Fact]
    public void A_folder_is_made_with_all_above_it_and_may_be_there_already()
    {
        var deep = Path.Combine(folder, "one", "two");

        DurableFiles.MakeFolder(deep);
        DurableFiles.MakeFolder(deep);

        Assert.True(Directory.Exists(deep));
    }

    [Fact]
    public void A_folder_is_synced_and_a_missing_one_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such call.");

        DurableFiles.SyncFolder(folder);

        Assert.Throws<DirectoryNotFoundException>(() => DurableFiles.SyncFolder(Path.Combine(folder, "missing")));
    }

    private string Draft(string text)
    {
        var draft = DurableFiles.DraftOf(Target);
        File.WriteAllText(draft, text);
        return draft;
    }
}

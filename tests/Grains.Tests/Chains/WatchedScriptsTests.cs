using System.Buffers.Binary;

namespace OpenBitum.Chains;

public sealed class WatchedScriptsTests
{
    // Made by CPython 3.11, whose hash of bytes is SipHash-1-3 with a key of zeros under PYTHONHASHSEED=0.
    [Theory]
    [InlineData(1, 0x68a914128e01e473)]
    [InlineData(7, 0x2f098ab0c751325a)]
    [InlineData(8, 0xead411e67ebe2eea)]
    [InlineData(9, 0x75927f9d95124362)]
    [InlineData(22, 0xf8aeb1066236ccfe)]
    [InlineData(25, 0xebf352e82ae23e2f)]
    [InlineData(34, 0x92771f49e836d389)]
    public void The_hash_is_SipHash_1_3(int length, ulong expected)
    {
        var bytes = Enumerable.Range(0, length).Select(number => (byte)number).ToArray();

        Assert.Equal(expected, new SipHash(0, 0).Hash(bytes));
    }

    [Fact]
    public void What_is_watched_is_found_and_nothing_else_while_the_table_grows()
    {
        const int watchedCount = 20_000;
        var watched = new WatchedScripts();
        for (var number = 0; number < watchedCount; number++)
        {
            Assert.True(watched.Add(watched.Fingerprint(Script(number))));
        }

        var all = Enumerable.Range(0, watchedCount * 2).Select(number => watched.Fingerprint(Script(number))).ToArray();
        var found = new List<int>();
        watched.Find(all, found);

        Assert.Equal(watchedCount, watched.Count);
        Assert.Equal(Enumerable.Range(0, watchedCount), found);
        Assert.All(all[..watchedCount], print => Assert.True(watched.Contains(print)));
        Assert.All(all[watchedCount..], print => Assert.False(watched.Contains(print)));
    }

    [Fact]
    public void A_script_is_watched_once_however_often_it_is_added()
    {
        var watched = new WatchedScripts();

        Assert.True(watched.Add(watched.Fingerprint(Script(1))));
        Assert.False(watched.Add(watched.Fingerprint(Script(1))));
        Assert.Equal(1, watched.Count);
    }

    [Fact]
    public void Fingerprints_mean_the_same_in_a_sibling_and_nothing_in_another_table()
    {
        var watched = new WatchedScripts();

        Assert.Equal(watched.Fingerprint(Script(7)), watched.Sibling().Fingerprint(Script(7)));
        Assert.NotEqual(watched.Fingerprint(Script(7)), new WatchedScripts().Fingerprint(Script(7)));
        Assert.Equal(0, watched.Sibling().Count);
    }

    private static byte[] Script(int number)
    {
        var script = new byte[22];
        script[1] = 20;
        BinaryPrimitives.WriteInt32LittleEndian(script.AsSpan(2), number);
        return script;
    }
}

using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using OpenBitum.Chains;

namespace OpenBitum.Bench;

/// <summary>F3: a block of 10,000 outputs against a million watched scripts, beside the same block against ten thousand.</summary>
internal static class MatchingBench
{
    private const int Outputs = 10_000;
    private const int Paid = 100;
    private const int Rounds = 200;

    public static Task<IReadOnlyList<Row>> Run()
    {
        var many = Watch(1_000_000, out var manyBytes);
        var few = Watch(10_000, out var fewBytes);
        var block = Block();
        var (fewTime, manyTime) = Match(block, few, many);
        var load = Stopwatch.StartNew();
        Watch(1_000_000, out _);
        return Task.FromResult<IReadOnlyList<Row>>(
        [
            new Row("F3", "a block of 10,000 outputs (100 ours) against 1 M watched scripts", Milliseconds(manyTime), $"against 10 k {Milliseconds(fewTime)}", Ratio(manyTime / fewTime)),
            new Row("-", "memory of 1 M watched scripts", Megabytes(manyBytes), $"10 k {Megabytes(fewBytes)}", Ratio((double)manyBytes / fewBytes)),
            new Row("-", "adding 1 M scripts to an empty table", Milliseconds(load.Elapsed), $"the block above {Milliseconds(manyTime)}", Ratio(load.Elapsed / manyTime)),
        ]);
    }

    private static WatchedScripts Watch(int count, out long bytes)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watched = new WatchedScripts();
        var script = Script();
        for (var number = 0; number < count; number++)
        {
            Name(script, number);
            watched.Add(watched.Fingerprint(script));
        }

        bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        return watched;
    }

    /// <summary>
    /// The two are measured in turn, and each time with caches as a service has them that did other things since the last block.
    /// </summary>
    private static (TimeSpan Few, TimeSpan Many) Match(byte[] block, WatchedScripts few, WatchedScripts many)
    {
        var scanner = new OutputScanner();
        var other = new byte[64 * 1024 * 1024];
        var times = (Few: new List<long>(), Many: new List<long>());
        for (var round = 0; round < Rounds; round++)
        {
            times.Few.Add(Once(few));
            times.Many.Add(Once(many));
        }

        return (Undisturbed(times.Few), Undisturbed(times.Many));

        long Once(WatchedScripts watched)
        {
            for (var index = 0; index < other.Length; index += 64)
            {
                other[index]++;
            }

            var start = Stopwatch.GetTimestamp();
            var found = scanner.Block(block, watched).Count;
            var elapsed = Stopwatch.GetTimestamp() - start;
            return found == Paid ? elapsed : throw new InvalidOperationException($"{found} outputs were found instead of {Paid}.");
        }
    }

    /// <summary>The first quartile: on a machine that does other things too, the slower ones measure those.</summary>
    private static TimeSpan Undisturbed(List<long> ticks) => Stopwatch.GetElapsedTime(0, ticks.Order().ElementAt(ticks.Count / 4));

    /// <summary>5,000 transactions of two witness inputs and two outputs.</summary>
    private static byte[] Block()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(new byte[80]);
        writer.Write((byte)0xfd);
        writer.Write((ushort)(Outputs / 2));
        var script = Script();
        var output = 0;
        for (var transaction = 0; transaction < Outputs / 2; transaction++)
        {
            writer.Write([2, 0, 0, 0, 0, 1, 2]);
            for (var input = 0; input < 2; input++)
            {
                writer.Write(RandomNumberGenerator.GetBytes(36));
                writer.Write([0, 0xff, 0xff, 0xff, 0xff]);
            }

            writer.Write((byte)2);
            for (var end = output + 2; output < end; output++)
            {
                Name(script, output % (Outputs / Paid) == 0 ? output / (Outputs / Paid) : -1 - output);
                writer.Write(100_000L);
                writer.Write((byte)script.Length);
                writer.Write(script);
            }

            for (var input = 0; input < 2; input++)
            {
                writer.Write([2, 71]);
                writer.Write(RandomNumberGenerator.GetBytes(71));
                writer.Write((byte)33);
                writer.Write(RandomNumberGenerator.GetBytes(33));
            }

            writer.Write(0);
        }

        writer.Flush();
        return stream.ToArray();
    }

    private static byte[] Script()
    {
        var script = new byte[22];
        script[1] = 20;
        return script;
    }

    private static void Name(byte[] script, int number) => BinaryPrimitives.WriteInt32LittleEndian(script.AsSpan(2), number);

    private static string Milliseconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalMilliseconds:N2} ms");

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1_048_576.0:N1} MB");

    private static string Ratio(double ratio) => FormattableString.Invariant($"{ratio:0.00} x");
}

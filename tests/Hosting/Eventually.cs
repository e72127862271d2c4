using System.Diagnostics;
using System.Text.Json;
using OpenBitum.Json;

namespace OpenBitum.Tests.Hosting;

/// <summary>For what happens by itself a moment after what a test has seen.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Reads until what is read is as expected, and answers it.</summary>
    /// <exception cref="TimeoutException">Says what was read last.</exception>
    public static async Task<T> Reads<T>(Func<Task<T>> read, Func<T, bool> expected)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (expected(value))
            {
                return value;
            }

            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException($"Read last: {JsonSerializer.Serialize(value, WireJson.Options)}");
            }

            await Task.Yield();
        }
    }
}

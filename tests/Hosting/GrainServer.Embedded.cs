using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.ReadModel;

namespace OpenBitum.Tests.Hosting;

/// <summary>What stands behind an API host of a test: here its own folder, since the grains run in the host itself.</summary>
public sealed class GrainServer : IAsyncDisposable
{
    private readonly string folder;

    private GrainServer(string folder) => this.folder = folder;

    /// <summary>Why no API host can run on this machine; null when one can.</summary>
    public static string? Missing => null;

    /// <summary>How many processes would host the grains.</summary>
    public static int Silos => 1;

    /// <summary>The settings by which a host or a command finds the grains.</summary>
    public string[] Settings => [$"--Data:Directory={folder}"];

    /// <summary>The settings of another host that may run at the same time: it stays where it is started.</summary>
    public string[] SettingsOfAnother => [];

    public static Task<GrainServer> Create(string folder) => Task.FromResult(new GrainServer(folder));

    /// <summary>Leaves what no test may move to the real time: nothing here, the engine runs on the test's clock altogether.</summary>
    /// <param name="services">Of the host, or of what stands behind it.</param>
    public static void KeepOnRealTime(IServiceCollection services)
    {
    }

    /// <param name="settings">The command line of the host.</param>
    /// <param name="replace">Puts other services in place of some.</param>
    public Task Start(string[] settings, Action<IServiceCollection> replace) => Task.CompletedTask;

    public Task Stop() => Task.CompletedTask;

    /// <param name="host">The services of the API host.</param>
    public IDatabase Database(IServiceProvider host) => host.GetRequiredService<IDatabase>();

    /// <summary>Puts another value in place of a secret of the instance, or none; answers the one that was there.</summary>
    public async Task<string> ReplaceSecret(string name, string? value)
    {
        var path = Path.Combine(folder, name);
        var former = await File.ReadAllTextAsync(path);
        File.Delete(path);
        if (value is not null)
        {
            await File.WriteAllTextAsync(path, value);
        }

        return former;
    }

    /// <summary>Looks at the bytes of the store, whatever its tables say; the host keeps the lock's file to itself.</summary>
    public async Task<bool> Holds(string text)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            if (bytes.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

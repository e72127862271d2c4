using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenBitum.Settings;
using OpenBitum.Silo;

// A node of a cluster that hosts grains and nothing else.
try
{
    var builder = Host.CreateApplicationBuilder(args);
    builder.Logging.AddSimpleConsole(options =>
    {
        options.SingleLine = true;
        options.UseUtcTimestamp = true;
        options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
    });
    builder.Logging.AddFilter("Orleans", LogLevel.Warning);
    // A start that fails is thrown too and explained in one line; the stack before it would bury that line.
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    builder.HostGrains();
    builder.RefuseUnknownSettings();
    builder.Services.RefuseWrongSettings();
    using var host = builder.Build();
    var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
    try
    {
        await host.StartAsync();
    }
    catch (Exception ended) when (ended is OperationCanceledException or OrleansException && stopping.IsCancellationRequested)
    {
        // Whoever starts waits for members of the cluster that do not answer, and is told to stop meanwhile.
        return 0;
    }

    Console.WriteLine("OpenBitum hosts grains");
    await host.WaitForShutdownAsync();
    return 0;
}
catch (SettingsRefusedException refused)
{
    await Console.Error.WriteLineAsync(refused.Report);
    return 1;
}
catch (Exception refused) when (SiloEngine.Explain(refused) is { } reason)
{
    await Console.Error.WriteLineAsync(reason);
    return 1;
}

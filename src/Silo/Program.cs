using Microsoft.Extensions.Hosting;
using OpenBitum.Settings;
using OpenBitum.Silo;

// A node of a cluster that hosts grains and nothing else.
try
{
    var builder = Host.CreateApplicationBuilder(args);
    builder.HostGrains();
    builder.Services.RefuseWrongSettings();
    await builder.Build().RunAsync();
    return 0;
}
catch (SettingsRefusedException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return 1;
}

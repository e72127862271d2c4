using Microsoft.Extensions.DependencyInjection;
using Orleans.Reminders;

namespace OpenBitum.Tests.Hosting;

/// <summary>Looks at the reminders of a silo from outside.</summary>
public static class SiloReminders
{
    public static async Task<int> CountReminders(this TestHost silo, IAddressable grain) =>
        (await silo.Services.GetRequiredService<IReminderTable>().ReadAll(grain.GetGrainId())).Count;
}

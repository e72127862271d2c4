using Microsoft.Extensions.DependencyInjection;

namespace OpenBitum.Tests.Hosting;

/// <summary>What a silo is to be reminded of.</summary>
public static class SiloReminders
{
    public static async Task<int> CountReminders(this TestHost silo, IAddressable grain) =>
        (await silo.Services.GetRequiredService<IReminderTable>().ReadRows(grain.GetGrainId())).Reminders.Count;
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Orleans.Calls;

namespace Orleans.Hosting;

/// <summary>How the embedded engine runs grains.</summary>
public sealed class EmbeddedGrainOptions
{
    /// <summary>How long a caller waits when the method has no [ResponseTimeout].</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation may be idle before it is collected.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long OnDeactivateAsync may take before the activation is given up.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stopping engine lets running calls end before it deactivates what is left.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a stopping engine waits for OnDeactivateAsync of all grains, and then for reminders under way.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many turns of one grain run before others get its thread.</summary>
    [Range(1, 10_000)]
    public int TurnsPerRun { get; set; } = 64;

    /// <summary>How many reminders are fired side by side.</summary>
    [Range(1, 100_000)]
    public int ConcurrentReminders { get; set; } = 256;

    /// <summary>How far ahead reminders are read into memory, and how many of them at most.</summary>
    public TimeSpan ReminderWindow { get; set; } = TimeSpan.FromMinutes(1);

    [Range(1, 1_000_000)]
    public int ReminderPage { get; set; } = 10_000;

    /// <summary>Sends every argument and result through the serializer, as between processes. For tests: it is slow.</summary>
    public bool RoundTripMessages { get; set; }

    /// <summary>What <see cref="RoundTripMessages"/> serializes with: the members with an [Id], and no others.</summary>
    public JsonSerializerOptions MessageSerializer { get; set; } = MessageJson.Options;
}

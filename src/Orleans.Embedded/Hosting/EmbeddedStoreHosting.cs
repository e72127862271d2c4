using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Reminders;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Gives the engine its file.</summary>
public static class EmbeddedStoreHosting
{
    /// <summary>
    /// Keeps grain records and reminders in one SQLite file, open from before the first call to after the last.
    /// </summary>
    /// <exception cref="ValidationException">An option is out of its bounds.</exception>
    public static ISiloBuilder UseEmbeddedStore(this ISiloBuilder builder, Action<EmbeddedStoreOptions> configure)
    {
        var options = new EmbeddedStoreOptions();
        configure(options);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<EmbeddedStore>();
        builder.Services.AddSingleton<IEngineComponent>(services => services.GetRequiredService<EmbeddedStore>());
        builder.Services.AddSingleton<IGrainStorage, EmbeddedGrainStorage>();
        builder.Services.AddSingleton<IReminderTable, EmbeddedReminderTable>();
        return builder;
    }
}

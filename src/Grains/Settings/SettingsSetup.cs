using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace OpenBitum.Settings;

public static class SettingsSetup
{
    /// <summary>
    /// Reads a section into its record and registers the record as a singleton. Wrong keys are refused together by
    /// <see cref="RefuseWrongSettings"/>; until then their defaults stand in.
    /// </summary>
    public static T AddSettings<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class, new()
    {
        var settings = services.SettingsReader().Read<T>(configuration, section);
        services.AddSingleton(settings);
        return settings;
    }

    /// <summary>What is true of the whole instance, registered once.</summary>
    public static Instance AddInstance(this IServiceCollection services, IConfiguration configuration)
    {
        if (Registered<Instance>(services) is { } known)
        {
            return known;
        }

        var instance = Instance.Of(configuration, services.SettingsReader());
        services.AddSingleton(instance);
        return instance;
    }

    /// <summary>The reader of this composition, for rules that look at several sections.</summary>
    public static SettingsReader SettingsReader(this IServiceCollection services)
    {
        if (Registered<SettingsReader>(services) is { } known)
        {
            return known;
        }

        var reader = new SettingsReader();
        services.AddSingleton(reader);
        return reader;
    }

    /// <summary>Ends the composition: nothing starts on a configuration that is wrong somewhere.</summary>
    /// <exception cref="SettingsRefusedException">Names every wrong key.</exception>
    public static void RefuseWrongSettings(this IServiceCollection services) => services.SettingsReader().RefuseProblems();

    private static T? Registered<T>(IServiceCollection services)
        where T : class => services.FirstOrDefault(service => service.ServiceType == typeof(T))?.ImplementationInstance as T;
}

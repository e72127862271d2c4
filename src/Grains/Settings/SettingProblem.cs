namespace OpenBitum.Settings;

/// <summary>What is wrong with one configuration key, for the person who starts the host.</summary>
/// <param name="Key">The full key, e.g. `Orders:TtlSeconds`.</param>
/// <param name="Message">What to write instead, with the value's bounds.</param>
public sealed record SettingProblem(string Key, string Message)
{
    public override string ToString() => $"{Key}: {Message}";
}

/// <summary>The configuration must not be used as it is; the message names every wrong key.</summary>
public sealed class SettingsRefusedException(IReadOnlyList<SettingProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    public IReadOnlyList<SettingProblem> Problems { get; } = problems;

    /// <summary>What a program prints before it ends.</summary>
    public string Report => $"The configuration was refused; nothing was started.{Environment.NewLine}{Message}";
}

/// <summary>Settings with rules between several of their keys.</summary>
public interface ICheckedSettings
{
    /// <param name="section">Where these settings stand; keys in the answer begin with it.</param>
    IEnumerable<SettingProblem> Check(string section);
}

/// <summary>The value is not repeated in messages.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

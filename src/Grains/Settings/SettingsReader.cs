using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace OpenBitum.Settings;

/// <summary>
/// Reads sections of the configuration into records and remembers every problem, so that a start is refused once with all of them.
/// </summary>
/// <remarks>
/// The platform's own binder passes over keys it does not know and stops at the first wrong value with a type's name. Here a typo is
/// a refusal, and the message says what to write.
/// </remarks>
public sealed class SettingsReader
{
    private const NumberStyles DecimalStyle = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

    private readonly List<SettingProblem> problems = [];
    private readonly SortedSet<string> sections = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<SettingProblem> Problems => problems;

    /// <summary>Reads a section; what is wrong in it keeps its default and is added to <see cref="Problems"/>.</summary>
    public T Read<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        sections.Add(section);
        var settings = (T)ReadRecord(typeof(T), configuration.GetSection(section), section);
        if (settings is ICheckedSettings rules)
        {
            // A value that was refused keeps its default, and would be called missing besides.
            var refused = problems.Select(problem => problem.Key).ToHashSet(StringComparer.Ordinal);
            problems.AddRange(rules.Check(section).Where(problem => !refused.Contains(problem.Key)));
        }

        return settings;
    }

    /// <summary>
    /// Refuses keys outside of every section that was read. Asked of what somebody wrote for this program, such as its command line:
    /// the environment holds names that are meant for others.
    /// </summary>
    /// <param name="written">The first words of the keys that were written.</param>
    /// <param name="besides">Keys that are known without being a section.</param>
    public void RefuseUnread(IEnumerable<string> written, IReadOnlyCollection<string> besides)
    {
        foreach (var name in written.Where(name => !sections.Contains(name) && !besides.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            Refuse(name, $"is not a setting; known here are {string.Join(", ", sections.Union(besides).Order(StringComparer.Ordinal))}.");
        }
    }

    /// <summary>Nothing starts on a configuration that is wrong somewhere.</summary>
    /// <exception cref="SettingsRefusedException">Names every wrong key.</exception>
    public void RefuseProblems()
    {
        if (problems.Count > 0)
        {
            throw new SettingsRefusedException(problems);
        }
    }

    /// <summary>Adds a problem that was found elsewhere.</summary>
    public void Refuse(string key, string message) => problems.Add(new SettingProblem(key, message));

    private object ReadRecord(Type type, IConfigurationSection section, string path)
    {
        var record = Activator.CreateInstance(type)!;
        var properties = type.GetProperties().Where(property => property.CanWrite).ToDictionary(
            property => property.Name, StringComparer.OrdinalIgnoreCase);
        if (!string.IsNullOrEmpty(section.Value) && path.Contains(':', StringComparison.Ordinal))
        {
            // A whole section's name may be an environment variable that means something else, such as DATA.
            Refuse(path, $"holds no value itself; known below it are {string.Join(", ", properties.Keys.Order())}.");
        }

        foreach (var child in section.GetChildren())
        {
            var key = $"{path}:{child.Key}";
            if (properties.TryGetValue(child.Key, out var property))
            {
                if (ReadValue(property, child, $"{path}:{property.Name}") is { } value)
                {
                    property.SetValue(record, value);
                }
            }
            else
            {
                Refuse(key, $"is not a setting; known here are {string.Join(", ", properties.Keys.Order())}.");
            }
        }

        return record;
    }

    private object? ReadValue(PropertyInfo property, IConfigurationSection section, string key)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var value = Read(type, property, section, key);
        if (value is null)
        {
            return null;
        }

        var broken = property.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(rule => !Holds(rule, value));
        if (broken is not null)
        {
            Refuse(key, $"{Shown(property, section)}; write {Wanted(property, type)}.");
            return null;
        }

        return value;
    }

    private object? Read(Type type, MemberInfo property, IConfigurationSection section, string key)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            return ReadArray(type.GetGenericArguments()[0], property, section, key);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableSortedDictionary<,>))
        {
            return ReadDictionary(type.GetGenericArguments()[1], property, section, key);
        }

        if (!IsSimple(type))
        {
            return string.IsNullOrEmpty(section.Value) && !section.GetChildren().Any() ? null : ReadRecord(type, section, key);
        }

        if (section.GetChildren().Any())
        {
            Refuse(key, $"holds one value and nothing below it; write {Wanted(property, type)}.");
            return null;
        }

        // An empty environment variable is the usual way to say nothing.
        if (string.IsNullOrEmpty(section.Value))
        {
            return null;
        }

        if (Parse(type, section.Value) is { } value)
        {
            return value;
        }

        Refuse(key, $"{Shown(property, section)}; write {Wanted(property, type)}.");
        return null;
    }

    private object? ReadArray(Type element, MemberInfo property, IConfigurationSection section, string key)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            Refuse(key, $"is a list; write {key}:0, {key}:1 and so on.");
            return null;
        }

        var items = section.GetChildren().Select(child => Read(element, property, child, $"{key}:{child.Key}")).ToArray();
        if (items.Any(item => item is null))
        {
            return null;
        }

        var typed = Array.CreateInstance(element, items.Length);
        items.CopyTo(typed, 0);
        return typeof(ImmutableArray).GetMethods()
            .Single(method => method.Name == nameof(ImmutableArray.Create) && IsArrayOverload(method))
            .MakeGenericMethod(element).Invoke(null, [typed]);
    }

    private object? ReadDictionary(Type element, MemberInfo property, IConfigurationSection section, string key)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            Refuse(key, $"holds no value itself; write {key}:<name>.");
            return null;
        }

        var items = section.GetChildren()
            .Select(child => KeyValuePair.Create(child.Key, Read(element, property, child, $"{key}:{child.Key}")))
            .Where(item => item.Value is not null);
        return typeof(SettingsReader).GetMethod(nameof(ToDictionary), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(element).Invoke(null, [items])!;
    }

    private static ImmutableSortedDictionary<string, T> ToDictionary<T>(IEnumerable<KeyValuePair<string, object?>> items) =>
        items.ToImmutableSortedDictionary(item => item.Key, item => (T)item.Value!, StringComparer.OrdinalIgnoreCase);

    private static bool IsArrayOverload(MethodInfo method) =>
        method.GetParameters() is [{ ParameterType.IsArray: true }];

    private static bool IsSimple(Type type) =>
        type.IsEnum || type == typeof(string) || type == typeof(int) || type == typeof(long) || type == typeof(bool)
        || type == typeof(decimal) || type == typeof(Uri);

    private static object? Parse(Type type, string text) => type switch
    {
        _ when type == typeof(string) => text,
        _ when type == typeof(bool) => bool.TryParse(text, out var flag) ? flag : null,
        _ when type == typeof(int) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ when type == typeof(long) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ when type == typeof(decimal) =>
            decimal.TryParse(text, DecimalStyle, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ when type == typeof(Uri) =>
            Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null,
        _ => Enum.TryParse(type, text, ignoreCase: true, out var value) && Enum.IsDefined(type, value) ? value : null,
    };

    private static bool Holds(ValidationAttribute rule, object value) =>
        rule is RangeAttribute && value is System.Collections.IEnumerable numbers and not string
            ? numbers.Cast<object>().All(rule.IsValid)
            : rule.IsValid(value);

    private static string Shown(MemberInfo property, IConfigurationSection section) =>
        property.GetCustomAttribute<SecretAttribute>() is not null || string.IsNullOrEmpty(section.Value)
            ? "is out of its bounds"
            : $"is '{section.Value}'";

    private static string Wanted(MemberInfo property, Type type)
    {
        if (property.GetCustomAttribute<DescriptionAttribute>() is { } description)
        {
            return description.Description;
        }

        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            return $"one of {string.Join(", ", allowed.Values)}";
        }

        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            return $"a number from {range.Minimum} to {range.Maximum}";
        }

        return type switch
        {
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) || type == typeof(long) => "a whole number",
            _ when type == typeof(decimal) => "a decimal number",
            _ when type == typeof(Uri) => "an absolute address that begins with http:// or https://",
            _ when type.IsEnum => $"one of {string.Join(", ", Enum.GetNames(type))}",
            _ => "another text",
        };
    }
}

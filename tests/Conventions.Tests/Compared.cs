using System.Collections;
using System.Reflection;

namespace OpenBitum.Conventions;

/// <summary>Whether two values are the same in each of their fields; a record's own equality compares lists by reference.</summary>
internal static class Compared
{
    /// <summary>Where they differ first, and how; null when nowhere.</summary>
    /// <param name="expected">What was sent.</param>
    /// <param name="actual">What has come.</param>
    /// <param name="isLeftOut">Fields that are known not to be carried: they must arrive empty.</param>
    public static string? Difference(object? expected, object? actual, Func<FieldInfo, bool>? isLeftOut = null) =>
        Difference(expected, actual, isLeftOut ?? (_ => false), "");

    private static string? Difference(object? expected, object? actual, Func<FieldInfo, bool> isLeftOut, string path)
    {
        if (expected is null || actual is null || expected.GetType() != actual.GetType())
        {
            return Same(expected is null && actual is null);
        }

        var type = expected.GetType();
        return expected switch
        {
            // 1.5 is not 1.50: one of them was written otherwise.
            decimal number => Same(decimal.GetBits(number).SequenceEqual(decimal.GetBits((decimal)actual))),
            DateTimeOffset time => Same(time.EqualsExact((DateTimeOffset)actual)),
            string or Int128 or TimeSpan => Same(expected.Equals(actual)),
            IList list when IsNothing(list) || IsNothing((IList)actual) => Same(IsNothing(list) && IsNothing((IList)actual)),
            IDictionary pairs => Keyed(pairs, (IDictionary)actual, isLeftOut, path),
            IList list => Listed(list, (IList)actual, isLeftOut, path),
            _ when type.IsPrimitive || type.IsEnum => Same(expected.Equals(actual)),
            _ when Generated.IsOurs(type) => ByField(expected, actual, isLeftOut, path),
            _ => throw new NotSupportedException($"Say how a {type} is compared."),
        };

        string? Same(bool same) => same ? null : $"{path} was {Show(expected)} and is {Show(actual)}";
    }

    private static string? ByField(object expected, object actual, Func<FieldInfo, bool> isLeftOut, string path) =>
        Generated.Fields(expected.GetType())
            .Select(field => Difference(
                isLeftOut(field) ? Empty(field.FieldType) : field.GetValue(expected), field.GetValue(actual), isLeftOut,
                $"{path}.{Generated.PropertyOf(field)?.Name ?? field.Name}"))
            .FirstOrDefault(difference => difference is not null);

    private static string? Listed(IList expected, IList actual, Func<FieldInfo, bool> isLeftOut, string path) =>
        expected.Count != actual.Count
            ? $"{path} had {expected.Count} and has {actual.Count}"
            : Enumerable.Range(0, expected.Count)
                .Select(index => Difference(expected[index], actual[index], isLeftOut, $"{path}[{index}]"))
                .FirstOrDefault(difference => difference is not null);

    private static string? Keyed(IDictionary expected, IDictionary actual, Func<FieldInfo, bool> isLeftOut, string path) =>
        expected.Count != actual.Count
            ? $"{path} had {expected.Count} and has {actual.Count}"
            : expected.Keys.Cast<object>()
                .Select(key => actual.Contains(key)
                    ? Difference(expected[key], actual[key], isLeftOut, $"{path}[{Show(key)}]")
                    : $"{path} has lost {Show(key)}")
                .FirstOrDefault(difference => difference is not null);

    /// <summary>An ImmutableArray that was never made; to look into it would throw.</summary>
    private static bool IsNothing(IList list) => list.GetType().GetProperty("IsDefault")?.GetValue(list) is true;

    private static object? Empty(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    private static string Show(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        _ => value.ToString() ?? "",
    };
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using OpenBitum.Ids;
using OpenBitum.Json;
using OpenBitum.Money;

namespace OpenBitum.Conventions;

/// <summary>
/// Values of every type that a message or a stored state is made of, which follow from a seed. Every field of a type of ours is set,
/// past its constructors, so that no member is forgotten. Seed 0 gives the least there is (nothing, empty, smallest), seed 1 the most.
/// </summary>
/// <param name="seed">Which values.</param>
/// <param name="stored">Times as they are stored: whole milliseconds of UTC, which is what <see cref="Time.Clock"/> gives.</param>
internal sealed class Generated(int seed, bool stored)
{
    private const int DeepestNesting = 20;
    private const string UlidLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static readonly string[] Texts =
    [
        "", "x", "\"quoted\", \\ and / <b>&amp;</b>", "line\r\nbreak\ttab\0end", "Ünïcödé ß ı İ", "e\u0301 is not é", "日本語", "שלום",
        "\uFEFFmark\u2028\u2029\u00AD", "🚀👩‍👩‍👧", new string('長', 300),
    ];

    private static readonly decimal[] Decimals =
        [decimal.MinValue, 0m, 1.50m, -0.1m, 0.0000000000000000000000000001m, 79228162514264337593.543950335m, decimal.MaxValue];

    private static readonly Asset[] Assets =
        [Asset.Currency("JPY")!, Asset.Currency("USD")!, Asset.Currency("BHD")!, Asset.Bitcoin, new("WHOLE", 0, false), new("WEI", 18, false)];

    private static readonly ConcurrentDictionary<FieldInfo, NullabilityInfo> Nullabilities = [];

    private ulong state = (ulong)seed;
    private int depth;

    public object? Value(Type type, NullabilityInfo? nullability = null)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Pick(3) == 0 ? null : Value(underlying);
        }

        if (!type.IsValueType && nullability?.ReadState == NullabilityState.Nullable && Pick(3) == 0)
        {
            return null;
        }

        return Plain(type) ?? (type.IsGenericType ? Container(type, nullability) : null) ?? Whole(type);
    }

    private object? Plain(Type type) => type switch
    {
        _ when type.IsEnum => Of(Enum.GetValues(type).Cast<object>().ToArray()),
        _ when type == typeof(string) => Of(Texts),
        _ when type == typeof(bool) => Pick(2) == 1,
        _ when type == typeof(int) => Of(int.MinValue, -1, 0, 1, 1_000_000_007, int.MaxValue),
        _ when type == typeof(uint) => Of(uint.MinValue, 1u, uint.MaxValue),
        _ when type == typeof(long) => Of(long.MinValue, -1L, 0L, (1L << 53) + 1, long.MaxValue),
        _ when type == typeof(Int128) => Of(Int128.MinValue, 0, ((Int128)1 << 64) + 1, Int128.MaxValue),
        _ when type == typeof(decimal) => Of(Decimals),
        _ when type == typeof(TimeSpan) => Of(TimeSpan.MinValue, TimeSpan.Zero, new TimeSpan(1), TimeSpan.MaxValue),
        _ when type == typeof(DateTimeOffset) => Time(),
        _ when type == typeof(Asset) => Of(Assets),
        _ when type == typeof(Amount) => new Amount(
            Of(Assets), Of(-Amount.MaximumAtoms, 0, 1, -7, (Int128)BigInteger.Pow(10, 18), Amount.MaximumAtoms)),
        _ when type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IId<>)) => Id(type),
        _ => null,
    };

    private object? Container(Type type, NullabilityInfo? nullability)
    {
        var arguments = type.GetGenericArguments();
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(Change<>))
        {
            // What a partial update leaves alone holds nothing at all.
            return Pick(2) == 0
                ? Activator.CreateInstance(type)
                : Activator.CreateInstance(type, true, Value(arguments[0], nullability?.GenericTypeArguments[0]));
        }

        if (definition == typeof(ImmutableArray<>))
        {
            return Fill(nameof(FillArray), arguments, nullability);
        }

        return definition == typeof(ImmutableSortedDictionary<,>) || definition == typeof(ImmutableDictionary<,>)
            ? Fill(definition == typeof(ImmutableSortedDictionary<,>) ? nameof(FillSorted) : nameof(FillUnsorted), arguments, nullability)
            : null;
    }

    private object Fill(string name, Type[] arguments, NullabilityInfo? nullability) => typeof(Generated)
        .GetMethod(name, BindingFlags.Instance | BindingFlags.NonPublic)!.MakeGenericMethod(arguments).Invoke(this, [nullability])!;

    private ImmutableArray<T> FillArray<T>(NullabilityInfo? nullability) =>
        [.. Enumerable.Range(0, Pick(4)).Select(_ => (T)Value(typeof(T), nullability?.GenericTypeArguments[0])!)];

    private ImmutableSortedDictionary<TKey, TValue> FillSorted<TKey, TValue>(NullabilityInfo? nullability)
        where TKey : notnull => FillUnsorted<TKey, TValue>(nullability).ToImmutableSortedDictionary();

    private ImmutableDictionary<TKey, TValue> FillUnsorted<TKey, TValue>(NullabilityInfo? nullability)
        where TKey : notnull
    {
        var filled = ImmutableDictionary.CreateBuilder<TKey, TValue>();
        for (var left = Pick(4); left > 0; left--)
        {
            filled[(TKey)Value(typeof(TKey))!] = (TValue)Value(typeof(TValue), nullability?.GenericTypeArguments[1])!;
        }

        return filled.ToImmutable();
    }

    private object Whole(Type type)
    {
        if (!IsOurs(type) || type.IsAbstract)
        {
            throw new NotSupportedException($"Say how a {type} is generated.");
        }

        Assert(depth++ < DeepestNesting, $"{type} holds itself.");
        var whole = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var field in Fields(type))
        {
            field.SetValue(whole, Value(field.FieldType, NullabilityOf(field)));
        }

        depth--;
        return whole;
    }

    public static bool IsOurs(Type type) => type.Namespace?.StartsWith("OpenBitum", StringComparison.Ordinal) == true;

    public static FieldInfo[] Fields(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    /// <summary>The property behind which a field lies; null for a field of its own.</summary>
    public static PropertyInfo? PropertyOf(FieldInfo field) =>
        field.Name[0] == '<' ? field.DeclaringType!.GetProperty(field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)]) : null;

    // Reading it takes far longer than making the value.
    private static NullabilityInfo NullabilityOf(FieldInfo field) => Nullabilities.GetOrAdd(field, static one =>
        PropertyOf(one) is { } property ? new NullabilityInfoContext().Create(property) : new NullabilityInfoContext().Create(one));

    private DateTimeOffset Time() => stored
        ? Of(
            DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, new DateTimeOffset(2026, 2, 28, 23, 59, 59, 999, TimeSpan.Zero),
            new DateTimeOffset(9999, 12, 31, 23, 59, 59, 999, TimeSpan.Zero))
        : Of(
            DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, new DateTimeOffset(639_000_000_000_000_001, TimeSpan.FromMinutes(-330)),
            DateTimeOffset.MaxValue);

    private object Id(Type type)
    {
        var prefix = type.GetField("Prefix")?.GetRawConstantValue() as string;
        var text = prefix is null
            ? Of("abc", "a-1", new string('z', 60))
            : prefix + string.Concat(Enumerable.Range(0, Ulid.Length).Select(index => UlidLetters[Pick(index == 0 ? 8 : 32)]));
        var arguments = new object?[] { text, null };
        var valid = type.GetMethod("TryParse")!.Invoke(null, arguments);
        Assert(valid is true, $"{text} is no {type.Name}.");
        return arguments[1]!;
    }

    private T Of<T>(params T[] choices) => choices[Pick(choices.Length)];

    /// <summary>SplitMix64, but for the least and the most.</summary>
    private int Pick(int below)
    {
        if (seed < 2)
        {
            return seed * (below - 1);
        }

        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)below);
    }

    private static void Assert(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}

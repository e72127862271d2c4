namespace OpenBitum.Json;

/// <summary>A field that a partial update sets, or leaves as it is.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.json.change`1")]
public readonly record struct Change<T>([property: Id(0)] bool IsSet, [property: Id(1)] T Value)
{
    public static Change<T> To(T value) => new(true, value);

    public T Or(T current) => IsSet ? Value : current;
}

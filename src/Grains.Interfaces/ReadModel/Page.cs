using System.Collections.Immutable;

namespace OpenBitum.ReadModel;

/// <summary>Which part of a list is asked for.</summary>
/// <param name="Limit">1-100.</param>
/// <param name="After">Where the previous page ended; null: from the start.</param>
[GenerateSerializer, Immutable, Alias("openbitum.read-model.page-request")]
public sealed record PageRequest([property: Id(0)] int Limit, [property: Id(1)] Cursor? After);

/// <summary>Rows in a stable order, and where the next page begins; null when there is none.</summary>
[GenerateSerializer, Immutable, Alias("openbitum.read-model.page`1")]
public sealed record Page<T>([property: Id(0)] ImmutableArray<T> Data, [property: Id(1)] string? NextCursor);

namespace Orleans.Storage;

/// <summary>Whether writes are taken at present.</summary>
/// <param name="Reason">A sentence for the operator while writes are refused, otherwise null.</param>
/// <param name="Since">When this became so, UTC.</param>
public sealed record StoreHealth(bool IsWritable, string? Reason, DateTimeOffset Since);

namespace Orleans.Runtime;

/// <summary>Values that flow with a chain of calls, from the caller to the callee and never back.</summary>
public static class RequestContext
{
    // The dictionary is replaced, never changed: continuations and calls under way share it.
    private static readonly AsyncLocal<Dictionary<string, object>?> flowing = new();

    internal static Dictionary<string, object>? Values
    {
        get => flowing.Value;
        set => flowing.Value = value;
    }

    public static IEnumerable<string> Keys => flowing.Value?.Keys ?? Enumerable.Empty<string>();

    public static object? Get(string key) => flowing.Value is { } values && values.TryGetValue(key, out var value) ? value : null;

    public static void Set(string key, object value)
        => flowing.Value = new(flowing.Value ?? []) { [key] = value };

    /// <summary>False when there was no such value.</summary>
    public static bool Remove(string key)
    {
        if (flowing.Value is not { } values || !values.ContainsKey(key))
        {
            return false;
        }

        var rest = new Dictionary<string, object>(values);
        rest.Remove(key);
        flowing.Value = rest.Count == 0 ? null : rest;
        return true;
    }

    public static void Clear()
    {
        if (flowing.Value is not null)
        {
            flowing.Value = null;
        }
    }
}

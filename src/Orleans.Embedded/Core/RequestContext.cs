namespace Orleans.Runtime;

/// <summary>Values that flow with a chain of calls, from the caller to the callee and never back.</summary>
public static class RequestContext
{
    // The dictionary is replaced, never changed: continuations and calls under way share it.
    private static readonly AsyncLocal<Dictionary<string, object>?> _values = new();

    internal static Dictionary<string, object>? Values
    {
        get => _values.Value;
        set => _values.Value = value;
    }

    public static IEnumerable<string> Keys => _values.Value?.Keys ?? Enumerable.Empty<string>();

    public static object? Get(string key) => _values.Value is { } values && values.TryGetValue(key, out var value) ? value : null;

    public static void Set(string key, object value)
        => _values.Value = new(_values.Value ?? []) { [key] = value };

    /// <summary>False when there was no such value.</summary>
    public static bool Remove(string key)
    {
        if (_values.Value is not { } values || !values.ContainsKey(key))
        {
            return false;
        }

        var rest = new Dictionary<string, object>(values);
        rest.Remove(key);
        _values.Value = rest.Count == 0 ? null : rest;
        return true;
    }

    public static void Clear()
    {
        if (_values.Value is not null)
        {
            _values.Value = null;
        }
    }
}

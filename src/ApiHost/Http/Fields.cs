using System.Collections.Immutable;
using System.Text.Json;
using OpenBitum.Json;
using OpenBitum.Money;
using OpenBitum.Problems;

namespace OpenBitum.Http;

/// <summary>
/// Reads the fields of one JSON object and collects what is wrong with their types. What a value may be is for the feature to say;
/// here only its JSON type, its presence, and that nothing unknown stands beside it.
/// </summary>
internal sealed class Fields
{
    private readonly JsonElement element;
    private readonly string path;
    private readonly ImmutableArray<FieldProblem>.Builder problems;
    private readonly List<string> known = [];

    public Fields(RequestBody body)
        : this(body.Root, "", ImmutableArray.CreateBuilder<FieldProblem>())
    {
    }

    private Fields(JsonElement element, string path, ImmutableArray<FieldProblem>.Builder problems)
    {
        this.element = element;
        this.path = path;
        this.problems = problems;
    }

    /// <summary>All problems, unknown fields included; asked for once, after every field was read.</summary>
    public bool AreWrong(out Invalid invalid)
    {
        RefuseUnknown();
        invalid = problems.Count > 0 ? new Invalid(problems.ToImmutable()) : null!;
        return problems.Count > 0;
    }

    public void Refuse(string name, string code, string message) => problems.Add(new FieldProblem(path + name, code, message));

    /// <summary>Text; null when absent or null.</summary>
    public string? Text(string name) => Find(name, out var value) ? TextOf(value, name) : null;

    /// <summary>Text that must be there; empty after a problem.</summary>
    public string RequiredText(string name) => Text(name) ?? Missing(name, "");

    public long? Whole(string name) => Find(name, out var value) ? WholeOf(value, name, long.MinValue, long.MaxValue) : null;

    public int? Int(string name) => Find(name, out var value) ? (int?)WholeOf(value, name, int.MinValue, int.MaxValue) : null;

    /// <summary>A number as its digits say it. What a decimal cannot hold is out of range; how many digits are wanted is for the feature to say.</summary>
    public decimal? Number(string name) => Find(name, out var value) ? NumberOf(value, name) : null;

    public bool? Flag(string name)
    {
        if (!Find(name, out var value))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Refuse(name, FieldProblemCode.WrongType, "Write true or false.");
        return null;
    }

    public ImmutableArray<string>? Texts(string name) =>
        Items(name)?.Select(item => item.TryText(out var text) ? text : Wrong(item.path, "")).ToImmutableArray();

    /// <summary>An array that must be there; empty after a problem.</summary>
    public ImmutableArray<string> RequiredTexts(string name) => Texts(name) ?? Missing<ImmutableArray<string>>(name, []);

    /// <summary>An array of objects, each read by <paramref name="read"/>.</summary>
    public ImmutableArray<T>? Objects<T>(string name, Func<Fields, T> read) =>
        Items(name)?.Select(item => item.ReadObject(read)).ToImmutableArray();

    /// <summary>An object whose values are all text.</summary>
    public ImmutableSortedDictionary<string, string>? TextPairs(string name) =>
        Pairs(name, (value, field) => TextOf(value, field) ?? "");

    /// <summary>An object whose values are all text, or null for a pair to be removed.</summary>
    public ImmutableSortedDictionary<string, string?>? TextPairChanges(string name) =>
        Pairs(name, (value, field) => value.ValueKind == JsonValueKind.Null ? null : TextOf(value, field));

    /// <summary>An object whose values are all numbers, or null for a pair to be removed.</summary>
    public ImmutableSortedDictionary<string, decimal?>? NumberPairChanges(string name) =>
        Pairs(name, (value, field) => value.ValueKind == JsonValueKind.Null ? null : NumberOf(value, field));

    /// <summary>An object of fields that may be left out but not be null; <paramref name="read"/> sees an empty one then.</summary>
    public T Part<T>(string name, Func<Fields, T> read)
    {
        var part = Has(name) && IsObject(element.GetProperty(name), name) ? element.GetProperty(name) : default;
        known.Add(name);
        var fields = new Fields(part, $"{path}{name}.", problems);
        var value = read(fields);
        fields.RefuseUnknown();
        return value;
    }

    /// <summary>Fields that a caller may send back as it read them: what they hold is not looked at.</summary>
    public void Ignore(params ReadOnlySpan<string> names) => known.AddRange(names);

    /// <summary>
    /// <c>{"amount":"19.90","currency":"USD"}</c> or <c>{"amount":"0.0005","asset":"BTC"}</c>; null when absent, null or wrong.
    /// </summary>
    public Amount? Money(string name)
    {
        if (!Find(name, out var value) || !IsObject(value, name))
        {
            return null;
        }

        var fields = new Fields(value, $"{path}{name}.", problems);
        var before = problems.Count;
        var text = fields.RequiredText("amount");
        var currency = fields.Text("currency");
        var code = fields.Text("asset");
        fields.RefuseUnknown();
        if (currency is null == code is null)
        {
            fields.Refuse("currency", FieldProblemCode.Required, "Give a currency or an asset, one of them.");
        }

        if (problems.Count > before)
        {
            return null;
        }

        var asset = currency is null ? Asset.Crypto(code!) : Asset.Currency(currency);
        if (asset is null)
        {
            fields.Refuse(currency is null ? "asset" : "currency", FieldProblemCode.BadFormat,
                currency is null ? "No such asset; write one like BTC." : "No such currency; write an ISO 4217 code like USD.");
            return null;
        }

        if (!Amount.TryParse(text, asset, out var amount))
        {
            fields.Refuse("amount", FieldProblemCode.BadFormat,
                asset.Decimals == 0
                    ? "Write a whole amount, like \"1990\"."
                    : $"Write a decimal with at most {asset.Decimals} digits after the point, like \"19.90\".");
            return null;
        }

        return amount;
    }

    /// <summary>A field that a partial update sets; absent: it stays.</summary>
    /// <param name="name">Of the field.</param>
    /// <param name="read">One of the readers above.</param>
    /// <param name="cleared">What null stands for.</param>
    public Change<T> Change<T>(string name, Func<string, T?> read, T cleared)
        where T : class => Has(name) ? Json.Change<T>.To(read(name) ?? cleared) : default;

    /// <inheritdoc cref="Change{T}(string, Func{string, T}, T)"/>
    public Change<T> Change<T>(string name, Func<string, T?> read, T cleared)
        where T : struct => Has(name) ? Json.Change<T>.To(read(name) ?? cleared) : default;

    /// <summary>A field that may be left out but not be null.</summary>
    public Change<T> NotNull<T>(string name, Func<string, T?> read, T stand)
        where T : class => IsNull(name) ? Wrong(path + name, default(Change<T>), "Write an object.") : Change(name, read, stand);

    /// <summary>Null is a value of its own here.</summary>
    public Change<T?> Nullable<T>(string name, Func<string, T?> read)
        where T : struct => Has(name) ? Json.Change<T?>.To(read(name)) : default;

    /// <summary>A field that may be left out but not be null.</summary>
    public Change<T> NotNull<T>(string name, Func<string, T?> read)
        where T : struct => IsNull(name) ? Wrong(path + name, default(Change<T>), "Write a value.") : Change(name, read, default);

    public bool Has(string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out _);

    private bool IsNull(string name)
    {
        known.Add(name);
        return Has(name) && element.GetProperty(name).ValueKind == JsonValueKind.Null;
    }

    private bool Find(string name, out JsonElement value)
    {
        known.Add(name);
        value = default;
        return element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    private ImmutableSortedDictionary<string, T>? Pairs<T>(string name, Func<JsonElement, string, T> read)
    {
        if (!Find(name, out var value) || !IsObject(value, name))
        {
            return null;
        }

        var pairs = ImmutableSortedDictionary.CreateBuilder<string, T>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            pairs[TextOf(property.Name, name)] = read(property.Value, $"{name}.{property.Name}");
        }

        return pairs.ToImmutable();
    }

    private IEnumerable<Fields>? Items(string name)
    {
        if (!Find(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray().Select((item, index) => new Fields(item, $"{path}{name}[{index}]", problems)).ToList();
        }

        Refuse(name, FieldProblemCode.WrongType, "Write an array.");
        return null;
    }

    private T ReadObject<T>(Func<Fields, T> read)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new FieldProblem(path, FieldProblemCode.WrongType, "Write an object."));
        }

        var fields = new Fields(element, $"{path}.", problems);
        var value = read(fields);
        fields.RefuseUnknown();
        return value;
    }

    private bool TryText(out string text)
    {
        text = element.ValueKind == JsonValueKind.String ? TextOf(element.GetString()!, "") : "";
        return element.ValueKind == JsonValueKind.String;
    }

    private string? TextOf(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String ? TextOf(value.GetString()!, name) : Wrong<string?>(path + name, null);

    private string TextOf(string text, string name)
    {
        // PostgreSQL keeps no U+0000 in text, and no honest text has one.
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            Refuse(name, FieldProblemCode.BadFormat, "Leave out U+0000.");
        }

        return text;
    }

    private long? WholeOf(JsonElement value, string name, long least, long most)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            return Wrong<long?>(path + name, null, "Write a whole number.");
        }

        if (value.TryGetInt64(out var number) && number >= least && number <= most)
        {
            return number;
        }

        var isWhole = value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;
        if (isWhole)
        {
            Refuse(name, FieldProblemCode.OutOfRange, "This number is too large or too small.");
        }
        else
        {
            Refuse(name, FieldProblemCode.WrongType, "Write a whole number, without a point or an exponent.");
        }

        return null;
    }

    private decimal? NumberOf(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            return Wrong<decimal?>(path + name, null, "Write a number.");
        }

        if (ExactNumber.TryRead(value, out var number))
        {
            return number;
        }

        Refuse(name, FieldProblemCode.OutOfRange, "This number has too many digits.");
        return null;
    }

    private bool IsObject(JsonElement value, string name)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            return true;
        }

        Refuse(name, FieldProblemCode.WrongType, "Write an object.");
        return false;
    }

    private T Missing<T>(string name, T stand)
    {
        // A value of the wrong type is a problem already.
        if (!problems.Any(problem => problem.Field == path + name))
        {
            Refuse(name, FieldProblemCode.Required, "This field is needed.");
        }

        return stand;
    }

    private T Wrong<T>(string field, T stand, string message = "Write a text.")
    {
        problems.Add(new FieldProblem(field, FieldProblemCode.WrongType, message));
        return stand;
    }

    private void RefuseUnknown()
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name) && problems.Count < 50)
            {
                Refuse(property.Name, FieldProblemCode.UnknownField, "There is no such field.");
            }
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using OpenBitum.Problems;

namespace OpenBitum.Http;

/// <summary>What RFC 8259 leaves open and we do not: two readers of one request must never see different values.</summary>
internal static class JsonStrictness
{
    /// <summary>A hostile body could hold thousands.</summary>
    private const int MostProblems = 50;

    /// <summary>Adds a problem for each key that stands twice in one object, anywhere.</summary>
    public static void FindDuplicates(JsonElement element, string path, ImmutableArray<FieldProblem>.Builder problems)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                FindDuplicates(item, $"{path}[{index++}]", problems);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in element.EnumerateObject())
            {
                var field = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
                if (!seen.Add(property.Name) && problems.Count < MostProblems)
                {
                    problems.Add(new FieldProblem(field, FieldProblemCode.DuplicateKey, "Write each key once."));
                }

                if (property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                {
                    FindDuplicates(property.Value, field, problems);
                }
            }
        }
    }

    /// <summary>False when an escape names half a character (a lone surrogate), which no UTF-8 text can hold.</summary>
    public static bool HasOnlyWholeCharacters(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0)
        {
            return true;
        }

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }

        return true;
    }
}

namespace OpenBitum.Problems;

/// <summary>What is wrong with one field of a request, for programs and for people.</summary>
/// <param name="Field">Path of the field in the request, e.g. `price.amount`.</param>
/// <param name="Code">One of <see cref="FieldProblemCode"/>.</param>
/// <param name="Message">What to write instead. Never echoes a value that may be secret.</param>
[GenerateSerializer, Immutable, Alias("openbitum.problems.field-problem")]
public sealed record FieldProblem(
    [property: Id(0)] string Field,
    [property: Id(1)] string Code,
    [property: Id(2)] string Message);

/// <summary>The codes of `details[].code`; they are part of the HTTP contract.</summary>
public static class FieldProblemCode
{
    public const string Required = "required";
    public const string UnknownField = "unknown_field";
    public const string DuplicateKey = "duplicate_key";
    public const string WrongType = "wrong_type";
    public const string OutOfRange = "out_of_range";
    public const string TooLong = "too_long";
    public const string BadFormat = "bad_format";
    public const string WrongNetwork = "wrong_network";
    public const string BadChecksum = "bad_checksum";
    public const string PrivateKey = "private_key";
    public const string UnsupportedScript = "unsupported_script";
    public const string UnsafeUrl = "unsafe_url";
}

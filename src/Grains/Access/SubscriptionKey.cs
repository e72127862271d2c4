using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OpenBitum.Branding;
using OpenBitum.Problems;

namespace OpenBitum.Access;

/// <summary>What a command does to a subscription key; <see cref="State"/> is null when nothing has to be written.</summary>
public sealed record SubscriptionKeyDecision(
    SubscriptionKeyStatus Status, SubscriptionKeyState? State, ImmutableArray<FieldProblem> Problems)
{
    /// <summary>It is so already.</summary>
    public static SubscriptionKeyDecision Replayed { get; } = new(SubscriptionKeyStatus.Done, null, []);

    public static SubscriptionKeyDecision NotFound { get; } = new(SubscriptionKeyStatus.NotFound, null, []);

    public static SubscriptionKeyDecision Accepted(SubscriptionKeyState state) => new(SubscriptionKeyStatus.Done, state, []);

    public static SubscriptionKeyDecision Invalid(ImmutableArray<FieldProblem> problems) => new(SubscriptionKeyStatus.Invalid, null, problems);
}

/// <summary>The rules of subscription keys.</summary>
public static class SubscriptionKey
{
    public const int NameLength = 100;

    public static SubscriptionKeyDecision Decide(
        SubscriptionKeyState? key, SubscriptionKeyId id, CreateSubscriptionKey command, DateTimeOffset now)
    {
        if (key is not null)
        {
            // The id was made for this request, so whoever comes with it again repeats the request. The earlier text was never
            // shown to anybody and only its hash is left, so the new text takes its place.
            return key.Merchant == command.Merchant && !key.Revoked
                ? SubscriptionKeyDecision.Accepted(key with { Hash = command.Hash, Hint = command.Hint })
                : SubscriptionKeyDecision.NotFound;
        }

        ImmutableArray<FieldProblem> problems = [.. OfName(command.Name), .. OfScopes(command.Scopes)];
        return problems.Length > 0
            ? SubscriptionKeyDecision.Invalid(problems)
            : SubscriptionKeyDecision.Accepted(new SubscriptionKeyState
            {
                Id = id,
                Merchant = command.Merchant,
                Name = command.Name,
                // In the order of the contract, each once.
                Scopes = [.. KeyScope.All.Where(scope => command.Scopes.Contains(scope))],
                Hash = command.Hash,
                Hint = command.Hint,
                CreatedAt = now,
            });
    }

    public static SubscriptionKeyDecision Revoke(SubscriptionKeyState? key, MerchantId merchant)
    {
        if (key is null || key.Merchant != merchant)
        {
            return SubscriptionKeyDecision.NotFound;
        }

        return key.Revoked ? SubscriptionKeyDecision.Replayed : SubscriptionKeyDecision.Accepted(key with { Revoked = true });
    }

    /// <summary>Only the text itself opens; its hash is compared in constant time all the same.</summary>
    public static bool Opens(SubscriptionKeyState? key, string hash) =>
        key is { Revoked: false }
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(key.Hash), Encoding.ASCII.GetBytes(hash));

    public static SubscriptionKeyView View(SubscriptionKeyState key) =>
        new(key.Id, key.Name, key.Scopes, key.Hint, null, key.CreatedAt);

    private static IEnumerable<FieldProblem> OfName(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            yield return new FieldProblem("name", FieldProblemCode.Required, $"Give a name of 1-{NameLength} characters.");
        }
        else if (name.Length > NameLength)
        {
            yield return new FieldProblem("name", FieldProblemCode.TooLong, $"At most {NameLength} characters.");
        }
        else if (!ShownText.IsOneLine(name))
        {
            yield return new FieldProblem("name", FieldProblemCode.BadFormat, ShownText.WriteOneLine);
        }
    }

    private static IEnumerable<FieldProblem> OfScopes(ImmutableArray<string> scopes)
    {
        if (scopes.IsDefaultOrEmpty)
        {
            yield return new FieldProblem("scopes", FieldProblemCode.Required, $"Name some of {string.Join(", ", KeyScope.All)}.");
            yield break;
        }

        if (scopes.Length > KeyScope.All.Length)
        {
            yield return new FieldProblem("scopes", FieldProblemCode.OutOfRange, "Name each scope once.");
            yield break;
        }

        for (var index = 0; index < scopes.Length; index++)
        {
            if (!KeyScope.All.Contains(scopes[index]))
            {
                yield return new FieldProblem(
                    $"scopes[{index}]", FieldProblemCode.BadFormat, $"Write some of {string.Join(", ", KeyScope.All)}.");
            }
        }
    }
}

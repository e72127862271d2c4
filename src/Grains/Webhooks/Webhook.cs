using System.Collections.Immutable;
using OpenBitum.Access;
using OpenBitum.Branding;
using OpenBitum.Json;
using OpenBitum.Outbox;
using OpenBitum.Problems;

namespace OpenBitum.Webhooks;

/// <summary>What a command does to a subscription; <see cref="State"/> is null when nothing has to be written.</summary>
public sealed record WebhookDecision(WebhookStatus Status, WebhookState? State, ImmutableArray<FieldProblem> Problems)
{
    public static WebhookDecision Accepted(WebhookState state) => new(WebhookStatus.Done, state, []);

    /// <summary>It is so already.</summary>
    public static WebhookDecision Replayed { get; } = new(WebhookStatus.Done, null, []);

    public static WebhookDecision NotFound { get; } = new(WebhookStatus.NotFound, null, []);

    public static WebhookDecision Invalid(ImmutableArray<FieldProblem> problems) => new(WebhookStatus.Invalid, null, problems);
}

/// <summary>The rules of subscriptions.</summary>
public static class Webhook
{
    public const string EveryEvent = "*";

    public const int DescriptionLength = 200;

    /// <param name="key">A random key for the endpoint; null where the operator's secret signs.</param>
    public static WebhookDecision Decide(
        WebhookState? webhook, WebhookId id, CreateWebhook command, EndpointPolicy policy, byte[]? key, DateTimeOffset now)
    {
        if (webhook is not null)
        {
            // The id was made for this request, so whoever comes with it again repeats the request.
            return webhook.Merchant == command.Merchant ? WebhookDecision.Replayed : WebhookDecision.NotFound;
        }

        ImmutableArray<FieldProblem> problems =
            [.. OfUrl(command.Url, policy), .. OfEvents(command.Events), .. OfDescription(command.Description)];
        return problems.Length > 0
            ? WebhookDecision.Invalid(problems)
            : WebhookDecision.Accepted(new WebhookState
            {
                Id = id,
                Merchant = command.Merchant,
                Url = command.Url,
                Events = [.. command.Events.Distinct()],
                Description = command.Description,
                Key = key is null ? null : Convert.ToBase64String(key),
                CreatedAt = now,
            });
    }

    public static WebhookDecision Decide(WebhookState? webhook, UpdateWebhook command, EndpointPolicy policy)
    {
        if (!IsOf(webhook, command.Merchant))
        {
            return WebhookDecision.NotFound;
        }

        var next = webhook! with
        {
            Url = command.Url.Or(webhook.Url),
            Events = command.Events.Or(webhook.Events),
            Description = command.Description.Or(webhook.Description),
            Active = command.Active.Or(webhook.Active),
        };
        // What was saved under an earlier policy may stay, but not be written anew.
        ImmutableArray<FieldProblem> problems =
        [
            .. command.Url.IsSet ? OfUrl(next.Url, policy) : [],
            .. command.Events.IsSet ? OfEvents(next.Events) : [],
            .. command.Description.IsSet ? OfDescription(next.Description) : [],
        ];
        return problems.Length > 0
            ? WebhookDecision.Invalid(problems)
            : WebhookDecision.Accepted(next with { Events = [.. next.Events.Distinct()] });
    }

    public static WebhookDecision Delete(WebhookState? webhook, MerchantId merchant)
    {
        if (webhook is null || webhook.Merchant != merchant)
        {
            return WebhookDecision.NotFound;
        }

        return webhook.Deleted
            ? WebhookDecision.Replayed
            : WebhookDecision.Accepted(webhook with { Active = false, Deleted = true });
    }

    /// <summary>The endpoint has said that it is gone for good.</summary>
    public static WebhookDecision Disable(WebhookState? webhook) =>
        webhook is { Active: true } ? WebhookDecision.Accepted(webhook with { Active = false }) : WebhookDecision.Replayed;

    public static bool IsOf(WebhookState? webhook, MerchantId merchant) =>
        webhook is { Deleted: false } && webhook.Merchant == merchant;

    /// <param name="secret">Shown at creation only.</param>
    public static WebhookView View(WebhookState webhook, string? secret = null) =>
        new(webhook.Id, webhook.Url, webhook.Events, webhook.Active, webhook.Description, webhook.CreatedAt, secret);

    private static IEnumerable<FieldProblem> OfUrl(string? url, EndpointPolicy policy) =>
        WebhookUrl.Check(url, policy) is { } problem ? [problem] : [];

    private static IEnumerable<FieldProblem> OfEvents(ImmutableArray<string> events)
    {
        if (events.IsDefaultOrEmpty)
        {
            yield return new FieldProblem("events", FieldProblemCode.Required, $"Name events, or write [\"{EveryEvent}\"] for all.");
            yield break;
        }

        if (events is [EveryEvent])
        {
            yield break;
        }

        if (events.Length > EventType.Subscribable.Count)
        {
            yield return new FieldProblem("events", FieldProblemCode.OutOfRange, $"Name each event once, or write [\"{EveryEvent}\"] for all.");
            yield break;
        }

        for (var index = 0; index < events.Length; index++)
        {
            if (!EventType.Subscribable.Contains(events[index]))
            {
                yield return new FieldProblem($"events[{index}]", FieldProblemCode.BadFormat,
                    $"Write [\"{EveryEvent}\"] alone, or some of {string.Join(", ", EventType.Subscribable)}.");
            }
        }
    }

    private static IEnumerable<FieldProblem> OfDescription(string? description)
    {
        if (description?.Length > DescriptionLength)
        {
            yield return new FieldProblem("description", FieldProblemCode.TooLong, $"At most {DescriptionLength} characters.");
        }
        else if (description is not null && !ShownText.IsOneLine(description))
        {
            yield return new FieldProblem("description", FieldProblemCode.BadFormat, ShownText.WriteOneLine);
        }
    }
}

using System.Collections.Immutable;
using System.Reflection;
using OpenBitum.Http;

namespace OpenBitum.OpenApi;

/// <summary>What a handler's return type says that it answers: `Results&lt;Ok&lt;T&gt;, NotFound, …&gt;`.</summary>
/// <param name="Bodies">Those with a status of their own and the view they show; null: no body.</param>
/// <param name="NotFound">404.</param>
/// <param name="Invalid">422 with details.</param>
/// <param name="Refused">4xx by code.</param>
/// <param name="Unavailable">503 by code.</param>
internal sealed record DeclaredAnswers(
    ImmutableArray<(int Status, Type? View)> Bodies, bool NotFound, bool Invalid, bool Refused, bool Unavailable)
{
    public static DeclaredAnswers Of(MethodInfo handler)
    {
        var types = Union(handler.ReturnType).ToImmutableArray();
        return new DeclaredAnswers(
            [.. types.Select(Body).OfType<(int, Type?)>()],
            types.Contains(typeof(NotFound)),
            types.Contains(typeof(Invalid)),
            types.Contains(typeof(Refused)),
            types.Contains(typeof(Unavailable)));
    }

    private static IEnumerable<Type> Union(Type answer)
    {
        if (answer.IsGenericType && answer.GetGenericTypeDefinition() is { } form && (form == typeof(Task<>) || form == typeof(ValueTask<>)))
        {
            return Union(answer.GetGenericArguments()[0]);
        }

        return answer.IsGenericType && typeof(INestedHttpResult).IsAssignableFrom(answer)
            ? answer.GetGenericArguments().SelectMany(Union)
            : [answer];
    }

    private static (int Status, Type? View)? Body(Type answer) =>
        answer.GetCustomAttribute<AnswersAttribute>() is { } answers
            ? (answers.Status, answers.Body ?? (answer.IsGenericType ? answer.GetGenericArguments()[0] : null))
            : null;
}

using Orleans.Calls;

namespace Orleans.Turns;

/// <summary>What a grain's calls are given to: its activation, or the workers of a stateless one.</summary>
internal interface ICallTarget
{
    /// <summary>False once it is gone; the grain class then knows the next one.</summary>
    bool TryReceive(Request request);
}

using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Calls;

/// <summary>What is known of an interface method before any call: read once, so that a call reads no attribute.</summary>
internal sealed class GrainMethod
{
    public GrainMethod(MethodInfo method)
    {
        Info = method;
        Interface = method.DeclaringType!;
        InterfaceName = Interface.FullName!.Replace('+', '.');
        Parameters = method.GetParameters();
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        Interleaves = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsOneWay = method.IsDefined(typeof(OneWayAttribute));
        ResponseTimeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        CancellationIndex = Array.FindIndex(Parameters, parameter => parameter.ParameterType == typeof(CancellationToken));
        Refuse(
            Parameters.Count(parameter => parameter.ParameterType == typeof(CancellationToken)) > 1,
            "has more than one CancellationToken");
        Refuse(method.IsGenericMethodDefinition, "is generic");
        Refuse(Parameters.Any(parameter => parameter.ParameterType.IsByRef), "has a ref, in or out parameter");
        Refuse(IsOneWay && method.ReturnType.IsGenericType, "is [OneWay] but has a result");
    }

    public MethodInfo Info { get; }

    public Type Interface { get; }

    public string InterfaceName { get; }

    public string Name => Info.Name;

    public ParameterInfo[] Parameters { get; }

    public bool IsReadOnly { get; }

    public bool Interleaves { get; }

    public bool IsOneWay { get; }

    public TimeSpan? ResponseTimeout { get; }

    /// <summary>Which parameter is the CancellationToken; -1 when none is.</summary>
    public int CancellationIndex { get; }

    public override string ToString() => $"{InterfaceName}.{Name}";

    private void Refuse(bool refused, string because)
    {
        if (refused)
        {
            throw new NotSupportedException($"Grain method {this} {because}.");
        }
    }
}

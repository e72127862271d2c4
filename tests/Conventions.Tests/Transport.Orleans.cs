using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Invocation;

namespace OpenBitum.Conventions;

/// <summary>The engine's own way between a caller and a grain of another process.</summary>
internal sealed class Transport
{
    private readonly Serializer serializer = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(Assemblies.Contracts).AddAssembly(Assemblies.Grains))
        .BuildServiceProvider().GetRequiredService<Serializer>();

    // As an answer, because each of a caller's arguments is carried as a member of a generated type in the same way.
    public object? Carry(object? message, Type type)
    {
        var answer = typeof(Response).GetMethod(nameof(Response.FromResult))!.MakeGenericMethod(type).Invoke(null, [message]);
        return serializer.Deserialize<Response>(serializer.SerializeToArray((Response)answer!))!.Result;
    }
}

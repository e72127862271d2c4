using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Persistence;
using Orleans.Runtime;

namespace Orleans.Turns;

/// <summary>
/// Constructs grain objects of one class. Services that are singletons are looked up once; only a class that asks for
/// others makes its activations carry a scope.
/// </summary>
internal sealed class GrainConstructor
{
    private readonly ConstructorInvoker constructor;
    private readonly Func<Activation, object?>[] getters;

    public GrainConstructor(Type type, GrainEngine engine)
    {
        var constructors = type.GetConstructors();
        var chosen = constructors.SingleOrDefault(candidate => candidate.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(candidate => candidate.GetParameters().Length)
            ?? throw new OrleansConfigurationException($"{type} has no public constructor.");
        constructor = ConstructorInvoker.Create(chosen);
        getters = [.. chosen.GetParameters().Select(parameter => ArgumentFor(parameter, engine))];
    }

    public object Construct(Activation activation)
    {
        var arguments = getters.Length == 0 ? [] : new object?[getters.Length];
        for (var index = 0; index < arguments.Length; index++)
        {
            arguments[index] = getters[index](activation);
        }

        try
        {
            return constructor.Invoke(arguments);
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }

    private static Func<Activation, object?> ArgumentFor(ParameterInfo parameter, GrainEngine engine)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
        {
            return StateFor(parameter, state, engine);
        }

        if (type == typeof(IGrainContext))
        {
            return static activation => activation;
        }

        if (type == typeof(IGrainFactory))
        {
            return static activation => activation.Engine.GrainFactory;
        }

        var key = parameter.GetCustomAttribute<FromKeyedServicesAttribute>();
        Func<IServiceProvider, object?> get = parameter.HasDefaultValue
            ? services => services.GetService(type) ?? parameter.DefaultValue
            : services => services.GetRequiredService(type);
        if (key is not null)
        {
            get = services => services.GetRequiredKeyedService(type, key.Key);
        }

        if (!engine.IsSingleton(type, key?.Key))
        {
            return activation => get(activation.ActivationServices);
        }

        var shared = new Lazy<object?>(() => get(engine.Services));
        return _ => shared.Value;
    }

    private static Func<Activation, object?> StateFor(ParameterInfo parameter, PersistentStateAttribute attribute, GrainEngine engine)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansConfigurationException(
                $"Parameter '{parameter.Name}' of {parameter.Member.DeclaringType} has [PersistentState], "
                + "so it must be an IPersistentState<T>.");
        }

        var constructor = ConstructorInvoker.Create(
            typeof(PersistentState<>).MakeGenericType(type.GetGenericArguments()).GetConstructors().Single());
        var name = string.IsNullOrEmpty(attribute.StateName) ? parameter.Name! : attribute.StateName;
        var storage = new Lazy<Storage.IGrainStorage>(() => engine.StorageNamed(attribute.StorageName));
        return activation =>
        {
            var state = (ILoadedState)constructor.Invoke(activation, name, storage.Value);
            (activation.States ??= []).Add(state);
            return state;
        };
    }
}

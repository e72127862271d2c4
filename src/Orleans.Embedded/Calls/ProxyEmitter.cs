using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Orleans.Calls
{
    /// <summary>
    /// Emits a proxy for a grain interface once per process: each method makes its request, fills in the arguments and
    /// sends it.
    /// </summary>
    internal static class ProxyEmitter
    {
        private static readonly ConcurrentDictionary<Type, Lazy<Func<GrainReference>>> factories = new();

        /// <summary>Makes unbound proxies of the interface.</summary>
        /// <exception cref="NotSupportedException">A member of the interface cannot be called across grains.</exception>
        public static Func<GrainReference> FactoryOf(Type grainInterface)
            => factories.GetOrAdd(grainInterface, type => new(() => EmitFactory(type))).Value;

        private static Func<GrainReference> EmitFactory(Type grainInterface)
        {
            Type[] interfaces = [grainInterface, .. grainInterface.GetInterfaces()];
            var module = DefineModule(interfaces);
            var proxy = module.DefineType(
                $"Proxy.{grainInterface.FullName}", TypeAttributes.NotPublic | TypeAttributes.Sealed, typeof(GrainReference), interfaces);
            proxy.DefineDefaultConstructor(MethodAttributes.Public);
            var number = 0;
            foreach (var method in interfaces.SelectMany(declaring => declaring.GetMethods()).Where(method => method.IsAbstract))
            {
                EmitMethod(module, proxy, new GrainMethod(method), $"Request{number++}.{grainInterface.FullName}.{method.Name}");
            }

            var constructor = proxy.CreateType().GetConstructor(Type.EmptyTypes)!;
            return Expression.Lambda<Func<GrainReference>>(Expression.New(constructor)).Compile();
        }

        // Interfaces, messages and the engine's own types may be internal to their assemblies; as with DispatchProxy of
        // the platform, the emitted assembly says that it looks into them.
        private static ModuleBuilder DefineModule(Type[] interfaces)
        {
            var assembly = AssemblyBuilder.DefineDynamicAssembly(
                new AssemblyName($"Orleans.Embedded.Proxies.{interfaces[0].FullName}"), AssemblyBuilderAccess.Run);
            var constructor = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
            var visible = interfaces.Select(type => type.Assembly)
                .Append(typeof(GrainReference).Assembly)
                .Concat(interfaces.SelectMany(type => type.GetMethods())
                    .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))
                    .SelectMany(AssembliesOf));
            foreach (var name in visible.Select(seen => seen.GetName().Name!).Distinct())
            {
                assembly.SetCustomAttribute(new CustomAttributeBuilder(constructor, [name]));
            }

            return assembly.DefineDynamicModule("Proxies");
        }

        private static IEnumerable<Assembly> AssembliesOf(Type type)
            => type.GetGenericArguments().SelectMany(AssembliesOf).Append(type.Assembly);

        private static void EmitMethod(ModuleBuilder module, TypeBuilder proxy, GrainMethod method, string requestName)
        {
            var (request, constructor, arguments) = RequestEmitter.Emit(module, method, requestName);
            var types = Array.ConvertAll(method.Parameters, parameter => parameter.ParameterType);
            var implementation = proxy.DefineMethod(
                $"{method.InterfaceName}.{method.Name}",
                MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final
                    | MethodAttributes.NewSlot | MethodAttributes.HideBySig,
                method.Info.ReturnType,
                types);
            var il = implementation.GetILGenerator();
            il.Emit(OpCodes.Newobj, constructor);
            for (var index = 0; index < arguments.Length; index++)
            {
                il.Emit(OpCodes.Dup);
                il.Emit(OpCodes.Ldarg, index + 1);
                il.Emit(OpCodes.Stfld, arguments[index]);
            }

            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Call, request.BaseType!.GetMethod(nameof(TaskRequest.Send), BindingFlags.Public | BindingFlags.Static)!);
            il.Emit(OpCodes.Ret);
            proxy.DefineMethodOverride(implementation, method.Info);
        }
    }
}

namespace System.Runtime.CompilerServices
{
    // The runtime knows it by this name; the platform's own is internal.
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
    {
        public string AssemblyName { get; } = assemblyName;
    }
}

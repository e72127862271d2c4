using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;

namespace Orleans.Calls;

/// <summary>
/// Emits a subclass of the request for one grain method: a field for each argument, and a call of the method with them.
/// </summary>
internal static class RequestEmitter
{
    private const string MethodField = "Method";

    public static string ArgumentName(int index) => string.Create(CultureInfo.InvariantCulture, $"arg{index}");

    /// <summary>Which of the four kinds of request the method's return type asks for.</summary>
    /// <exception cref="NotSupportedException">The method returns something else.</exception>
    public static Type BaseOf(GrainMethod method)
    {
        var returns = method.Info.ReturnType;
        if (returns == typeof(Task))
        {
            return typeof(TaskRequest);
        }

        if (returns == typeof(ValueTask))
        {
            return typeof(ValueTaskRequest);
        }

        var definition = returns.IsGenericType ? returns.GetGenericTypeDefinition() : null;
        if (definition == typeof(Task<>))
        {
            return typeof(TaskRequest<>).MakeGenericType(returns.GetGenericArguments());
        }

        if (definition == typeof(ValueTask<>))
        {
            return typeof(ValueTaskRequest<>).MakeGenericType(returns.GetGenericArguments());
        }

        throw new NotSupportedException($"Grain method {method} returns {returns}; write Task, Task<T>, ValueTask or ValueTask<T>.");
    }

    /// <summary>The request's type and its constructor and argument fields in the order of the method's parameters.</summary>
    public static (Type Type, ConstructorInfo Constructor, FieldInfo[] Arguments) Emit(
        ModuleBuilder module, GrainMethod method, string name)
    {
        var parent = BaseOf(method);
        var type = module.DefineType(name, TypeAttributes.NotPublic | TypeAttributes.Sealed, parent);
        var metadata = type.DefineField(MethodField, typeof(GrainMethod), FieldAttributes.Public | FieldAttributes.Static);
        var arguments = new FieldInfo[method.Parameters.Length];
        for (var index = 0; index < arguments.Length; index++)
        {
            arguments[index] = index == method.CancellationIndex
                ? typeof(Request).GetField(nameof(Request.CallerToken))!
                : type.DefineField(ArgumentName(index), method.Parameters[index].ParameterType, FieldAttributes.Public);
        }

        EmitConstructor(type, parent, metadata);
        EmitInvoke(type, parent, method, arguments);

        var emitted = type.CreateType();
        emitted.GetField(MethodField)!.SetValue(null, method);
        return (emitted, emitted.GetConstructor(Type.EmptyTypes)!, [.. arguments.Select(field => emitted.GetField(field.Name)!)]);
    }

    private static void EmitConstructor(TypeBuilder type, Type parent, FieldInfo metadata)
    {
        var il = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, Type.EmptyTypes).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldsfld, metadata);
        il.Emit(OpCodes.Call, parent.GetConstructor(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [typeof(GrainMethod)])!);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitInvoke(TypeBuilder type, Type parent, GrainMethod method, FieldInfo[] arguments)
    {
        var invoke = parent.GetMethod(nameof(TaskRequest.Invoke))!;
        var attributes = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig;
        var il = type.DefineMethod(invoke.Name, attributes, invoke.ReturnType, [typeof(object)]).GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.Interface);
        for (var index = 0; index < arguments.Length; index++)
        {
            il.Emit(OpCodes.Ldarg_0);
            if (index == method.CancellationIndex)
            {
                il.Emit(OpCodes.Call, typeof(Request).GetProperty(nameof(Request.CalleeToken))!.GetMethod!);
            }
            else
            {
                il.Emit(OpCodes.Ldfld, arguments[index]);
            }
        }

        il.Emit(OpCodes.Callvirt, method.Info);
        il.Emit(OpCodes.Ret);
    }
}

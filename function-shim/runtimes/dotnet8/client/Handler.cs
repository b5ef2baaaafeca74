using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Amazon.Lambda.Core;

namespace Kappa.Runtime
{
    /// <summary>The name of a handler leads to none that can be called.</summary>
    internal sealed class LambdaValidationException : Exception
    {
        internal LambdaValidationException(string message) : base(message)
        {
        }
    }

    /// <summary>The method that a function's handler names: assembly, type and method, with two colons between.</summary>
    internal sealed class Handler
    {
        private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
            | BindingFlags.Instance | BindingFlags.FlattenHierarchy;

        private readonly MethodInfo method;
        private readonly object target;
        private readonly ParameterInfo[] parameters;
        private readonly Codec codec;
        private readonly Type result;
        private readonly Func<object, Task> wait;
        private readonly PropertyInfo value;

        private Handler(MethodInfo method)
        {
            this.method = method;
            parameters = method.GetParameters();
            target = method.IsStatic ? null : Activator.CreateInstance(method.ReflectedType);
            codec = Codec.Of(method);
            Type returned = method.ReturnType;
            result = returned;
            if (typeof(Task).IsAssignableFrom(returned))
            {
                wait = task => (Task)task;
            }
            else if (returned == typeof(ValueTask))
            {
                wait = task => ((ValueTask)task).AsTask();
            }
            else if (returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(ValueTask<>))
            {
                MethodInfo asTask = returned.GetMethod("AsTask");
                wait = task => (Task)asTask.Invoke(task, null);
            }
            if (wait != null)
            {
                result = returned.IsGenericType ? returned.GetGenericArguments()[0] : typeof(void);
                value = result == typeof(void) ? null : typeof(Task<>).MakeGenericType(result).GetProperty("Result");
            }
        }

        internal static Handler Load(string name)
        {
            string[] parts = name.Split(new[] { "::" }, StringSplitOptions.None);
            if (parts.Length != 3)
            {
                throw new LambdaValidationException("Invalid lambda function handler: '" + name
                    + "'. The valid format is 'ASSEMBLY::TYPE::METHOD'.");
            }
            Assembly assembly;
            try
            {
                assembly = Assembly.Load(new AssemblyName(parts[0]));
            }
            catch (FileNotFoundException)
            {
                throw new LambdaValidationException("Could not find the specified handler assembly with the file name '" + parts[0]
                    + "'. The assembly should be located in the root of your uploaded .zip file.");
            }
            Type type = assembly.GetType(parts[1]);
            if (type == null)
            {
                throw new LambdaValidationException("Unable to load type '" + parts[1] + "' from assembly '" + parts[0] + "'.");
            }
            return new Handler(Find(type, parts[2]));
        }

        private static MethodInfo Find(Type type, string name)
        {
            MethodInfo[] found = type.GetMethods(Any).Where(it => it.Name == name).ToArray();
            if (found.Length == 0)
            {
                throw new LambdaValidationException("Unable to find method '" + name + "' in type '" + type.FullName + "'.");
            }
            if (found.Length > 1)
            {
                throw new LambdaValidationException("The method '" + name + "' in type '" + type.FullName
                    + "' appears more than once: " + string.Join(", ", (object[])found) + ". Give the handler a name of its own.");
            }
            MethodInfo method = found[0];
            ParameterInfo[] parameters = method.GetParameters();
            if (method.ContainsGenericParameters)
            {
                throw new LambdaValidationException("The method '" + name + "' is generic, which handlers cannot be.");
            }
            if (parameters.Length > 2 || parameters.Length == 2 && parameters[1].ParameterType != typeof(ILambdaContext))
            {
                throw new LambdaValidationException("The method '" + method
                    + "' has other parameters than an event and an Amazon.Lambda.Core.ILambdaContext.");
            }
            if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
            {
                throw new LambdaValidationException("The method '" + name + "' is 'async void', which cannot be waited for: let it return a Task.");
            }
            return method;
        }

        internal ArraySegment<byte> Run(Invocation invocation, ILambdaContext context)
        {
            var arguments = new object[parameters.Length];
            for (int i = 0; i < arguments.Length; i++)
            {
                Type type = parameters[i].ParameterType;
                arguments[i] = type == typeof(ILambdaContext) ? context : Codec.ReadAny(codec, invocation.Take(), type);
            }
            object returned = Call(method, target, arguments);
            if (wait != null)
            {
                Task task = wait(returned);
                task.GetAwaiter().GetResult();
                returned = value == null ? null : value.GetValue(task);
            }
            return Codec.WriteAny(codec, returned, result);
        }

        /// <summary>The exception of what is called comes as it is.</summary>
        internal static object Call(MethodInfo method, object target, object[] arguments)
        {
            return method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        }
    }
}

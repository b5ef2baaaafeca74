using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text.Json;
using System.Threading;

namespace Kappa.Runtime
{
    /// <summary>Runs a handler in the programming model of AWS's Amazon.Lambda.Core: one event after another, or that many at once
    /// as AWS_LAMBDA_MAX_CONCURRENCY says, each in a thread.</summary>
    internal static class Program
    {
        private static void Main()
        {
            AssemblyLoadContext.Default.Resolving += Find;
            Run();
        }

        // The function's own assemblies come first, so that AWS's Amazon.Lambda.Core is taken instead of Kappa's.
        private static Assembly Find(AssemblyLoadContext context, AssemblyName wanted)
        {
            string task = Environment.GetEnvironmentVariable("LAMBDA_TASK_ROOT");
            string runtime = Environment.GetEnvironmentVariable("LAMBDA_RUNTIME_DIR");
            foreach (string folder in new[] { task, Path.Combine(runtime, "lib") })
            {
                string file = Path.Combine(folder, wanted.Name + ".dll");
                if (File.Exists(file))
                {
                    return context.LoadFromAssemblyPath(file);
                }
            }
            // Asked for by its version, which is newer; the one that there is may do.
            return wanted.Version == null ? null : context.LoadFromAssemblyName(new AssemblyName(wanted.Name));
        }

        // What it uses is looked for once Find is asked.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Run()
        {
            string address = Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API");
            int seats;
            int.TryParse(Environment.GetEnvironmentVariable("AWS_LAMBDA_MAX_CONCURRENCY"), out seats);
            LogWriter.Open();
            Handler handler;
            try
            {
                handler = Handler.Load(Environment.GetEnvironmentVariable("_HANDLER"));
            }
            catch (Exception exception)
            {
                Console.Error.WriteLine(exception);
                new RuntimeApi(address).PostLast("init/error", Failure.Of(exception), exception.GetType().Name);
                Environment.Exit(1);
                return;
            }
            for (int seat = 1; seat < seats; seat++)
            {
                new Thread(() => Serve(address, handler, false)).Start();
            }
            Serve(address, handler, seats <= 1);
        }

        private static void Serve(string address, Handler handler, bool alone)
        {
            var api = new RuntimeApi(address);
            for (;;)
            {
                Invocation invocation = api.Next();
                if (alone) // one variable cannot hold the trace of many events
                {
                    Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", invocation.Header("lambda-runtime-trace-id"));
                }
                ArraySegment<byte> answer;
                string path = "/response";
                string errorType = null;
                try
                {
                    answer = handler.Run(invocation, new Context(invocation));
                }
                catch (Exception exception)
                {
                    Console.Error.WriteLine(exception);
                    answer = Failure.Of(exception);
                    path = "/error";
                    errorType = exception.GetType().Name;
                }
                api.Post("invocation/" + invocation.Id + path, answer, errorType);
            }
        }
    }

    /// <summary>Lambda's error object of an exception, without the frames that are the runtime's.</summary>
    internal static class Failure
    {
        internal static ArraySegment<byte> Of(Exception exception)
        {
            var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream))
            {
                Write(json, exception);
            }
            return new ArraySegment<byte>(stream.GetBuffer(), 0, (int)stream.Length);
        }

        private static void Write(Utf8JsonWriter json, Exception exception)
        {
            json.WriteStartObject();
            json.WriteString("errorType", exception.GetType().Name);
            json.WriteString("errorMessage", exception.Message);
            json.WriteStartArray("stackTrace");
            foreach (string frame in Frames(exception))
            {
                json.WriteStringValue(frame);
            }
            json.WriteEndArray();
            if (exception.InnerException != null)
            {
                json.WritePropertyName("cause");
                Write(json, exception.InnerException);
            }
            json.WriteEndObject();
        }

        private static IEnumerable<string> Frames(Exception exception)
        {
            foreach (string line in (exception.StackTrace ?? "").Split('\n'))
            {
                string frame = line.Trim();
                if (frame.Length > 0 && !frame.StartsWith("at Kappa.Runtime.")
                    && !frame.StartsWith("at System.Reflection.") && !frame.StartsWith("at System.RuntimeMethodHandle."))
                {
                    yield return frame;
                }
            }
        }
    }
}

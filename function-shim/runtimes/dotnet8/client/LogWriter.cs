using System;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Text;
using Amazon.Lambda.Core;

namespace Kappa.Runtime
{
    /// <summary>The function's log: lines of a level as AWS's runtime writes them, others as they are.</summary>
    internal class LogWriter : ILambdaLogger
    {
        private readonly string id;

        internal LogWriter(string id)
        {
            this.id = id;
        }

        /// <summary>Has each line in the pipe before an event is answered, in UTF-8, and LambdaLogger's too.</summary>
        internal static void Open()
        {
            Console.SetOut(Unbuffered(Console.OpenStandardOutput()));
            Console.SetError(Unbuffered(Console.OpenStandardError()));
            FieldInfo action = typeof(LambdaLogger).GetField("_loggingAction", BindingFlags.NonPublic | BindingFlags.Static);
            if (action != null)
            {
                action.SetValue(null, new Action<string>(Console.WriteLine));
            }
        }

        private static TextWriter Unbuffered(Stream stream)
        {
            return TextWriter.Synchronized(new StreamWriter(stream, new UTF8Encoding(false), 4096) { AutoFlush = true });
        }

        public void Log(string message)
        {
            Console.Write(message);
        }

        public void LogLine(string message)
        {
            Console.WriteLine(message);
        }

        public virtual void Log(string level, string message)
        {
            Line(level, message, null);
        }

        public virtual void Log(string level, string message, params object[] arguments)
        {
            Line(level, Filled(message, arguments), null);
        }

        public virtual void Log(string level, Exception exception, string message, params object[] arguments)
        {
            Line(level, Filled(message, arguments), exception);
        }

        private void Line(string level, string message, Exception exception)
        {
            var line = new StringBuilder();
            line.Append(DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            line.Append('\t').Append(id).Append('\t').Append(Short(level)).Append('\t').Append(message);
            if (exception != null)
            {
                line.Append('\n').Append(exception);
            }
            Console.WriteLine(line.ToString());
        }

        private static string Short(string level)
        {
            switch (level)
            {
                case "Trace": return "trce";
                case "Debug": return "dbug";
                case "Information": return "info";
                case "Warning": return "warn";
                case "Error": return "fail";
                case "Critical": return "crit";
                default: return level;
            }
        }

        // Names in braces stand for the arguments, in their order.
        private static string Filled(string message, object[] arguments)
        {
            if (message == null || arguments == null)
            {
                return message;
            }
            var filled = new StringBuilder();
            int at = 0;
            foreach (object argument in arguments)
            {
                int open = message.IndexOf('{', at);
                int close = open < 0 ? -1 : message.IndexOf('}', open);
                if (close < 0)
                {
                    break;
                }
                filled.Append(message, at, open - at).Append(argument);
                at = close + 1;
            }
            return filled.Append(message, at, message.Length - at).ToString();
        }
    }
}

using System;

namespace Amazon.Lambda.Core
{
    /// <summary>Writes to the function's log from where there is no context.</summary>
    public static class LambdaLogger
    {
        // The runtime sets it, in AWS's assembly too.
        private static Action<string> _loggingAction = Console.WriteLine;

        public static void Log(string message)
        {
            _loggingAction(message);
        }
    }
}

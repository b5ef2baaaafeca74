using System;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Amazon.Lambda.Core;

namespace App
{
    public class Handler
    {
        private int count;

        public async Task<object> Handle(JsonElement input, ILambdaContext context)
        {
            count++;
            switch (input.GetProperty("do").GetString())
            {
                case "echo": return input.GetProperty("value");
                case "context":
                    return new
                    {
                        id = context.AwsRequestId,
                        name = context.FunctionName,
                        version = context.FunctionVersion,
                        memory = context.MemoryLimitInMB,
                        arn = context.InvokedFunctionArn,
                        group = context.LogGroupName,
                        stream = context.LogStreamName,
                        remaining = (int)context.RemainingTime.TotalMilliseconds,
                    };
                case "custom": return context.ClientContext.Custom;
                case "env": return Environment.GetEnvironmentVariable(input.GetProperty("name").GetString());
                case "trace": return Environment.GetEnvironmentVariable("_X_AMZN_TRACE_ID");
                case "count": return count;
                case "fail":
                    await Task.Yield();
                    throw new ArgumentException("as asked");
                case "exit":
                    Environment.Exit(3);
                    return null;
                case "sleep":
                    Thread.Sleep(60000);
                    return null;
                case "print":
                    for (int i = 0; i < input.GetProperty("lines").GetInt32(); i++)
                    {
                        Console.WriteLine("line " + i);
                    }
                    return null;
                case "big": return new string('x', input.GetProperty("size").GetInt32());
                case "keep":
                    File.AppendAllText("/tmp/kept", "x");
                    return new FileInfo("/tmp/kept").Length;
                case "leave":
                    Process.Start("setsid", "sleep 7655");
                    return null;
                default: return null;
            }
        }
    }
}

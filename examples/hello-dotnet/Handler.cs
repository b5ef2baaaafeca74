using System;
using Amazon.Lambda.Core;

namespace Hello
{
    public class Visitor
    {
        public string Name { get; set; }
    }

    public class Greeting
    {
        public string Message { get; set; }
        public string Version { get; set; }
        public string RequestId { get; set; }
    }

    public class Handler
    {
        public Greeting Greet(Visitor visitor, ILambdaContext context)
        {
            return new Greeting
            {
                Message = "Hello, " + (visitor.Name ?? "world") + ", from .NET " + Environment.Version + "!",
                Version = context.FunctionVersion,
                RequestId = context.AwsRequestId,
            };
        }
    }
}

using System;
using System.Collections.Generic;
using System.Text.Json;
using Amazon.Lambda.Core;

namespace App
{
    public class Handler
    {
        public Dictionary<string, object> Handle(JsonElement input, ILambdaContext context)
        {
            Console.WriteLine("hello");
            JsonElement what;
            if (input.TryGetProperty("do", out what) && what.GetString() == "fail")
            {
                throw new ArgumentException("as asked");
            }
            return new Dictionary<string, object> { { "echo", input } };
        }
    }
}

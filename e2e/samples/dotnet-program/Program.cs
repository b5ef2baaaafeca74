using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;

namespace Sample
{
    /// <summary>A program that asks the Runtime API itself, as those with AWS's RuntimeSupport do.</summary>
    public static class Program
    {
        private static void Main()
        {
            string api = "http://" + Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/";
            using (var client = new HttpClient { Timeout = TimeSpan.FromHours(12) })
            {
                for (;;)
                {
                    HttpResponseMessage next = client.GetAsync(api + "next").GetAwaiter().GetResult();
                    IEnumerable<string> ids = next.Headers.GetValues("Lambda-Runtime-Aws-Request-Id");
                    string text = next.Content.ReadAsStringAsync().GetAwaiter().GetResult();
                    client.PostAsync(api + ids.Single() + "/response", new StringContent("[" + text + "," + text + "]"))
                        .GetAwaiter().GetResult().Dispose();
                }
            }
        }
    }
}

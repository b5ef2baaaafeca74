using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Text;

namespace Kappa.Runtime
{
    /// <summary>An event with the headers that tell of it, by lower-case name.</summary>
    internal sealed class Invocation
    {
        internal readonly Dictionary<string, string> Headers;
        private byte[] body;

        internal Invocation(Dictionary<string, string> headers, byte[] body)
        {
            Headers = headers;
            this.body = body;
        }

        internal string Id
        {
            get { return Header("lambda-runtime-aws-request-id"); }
        }

        /// <summary>Lets go of the event: it may be 6 MiB, and the memory small.</summary>
        internal byte[] Take()
        {
            byte[] taken = body;
            body = null;
            return taken;
        }

        internal string Header(string name)
        {
            string value;
            return Headers.TryGetValue(name, out value) ? value : null;
        }
    }

    /// <summary>One kept connection to the Lambda Runtime API; an event's answer and the call for the next event leave together.</summary>
    internal sealed class RuntimeApi
    {
        private const string Base = "/2018-06-01/runtime/";
        // A longer body leaves from where it is.
        private const int Small = 16 * 1024;

        private static readonly byte[] HeadEnd = { 13, 10, 13, 10 };

        private readonly string address;
        private readonly Socket socket;
        private readonly byte[] next;
        private byte[] held = new byte[32 * 1024];
        private int start;
        private int end;
        private int unanswered;
        private bool asked;

        internal RuntimeApi(string address)
        {
            this.address = address;
            string[] parts = address.Split(':');
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect(parts[0], int.Parse(parts[1]));
            next = Encoding.ASCII.GetBytes("GET " + Base + "invocation/next HTTP/1.1\r\nHost: " + address + "\r\n\r\n");
        }

        /// <summary>The next event, once there is one.</summary>
        internal Invocation Next()
        {
            if (!asked)
            {
                socket.Send(next);
            }
            asked = false;
            for (; unanswered > 0; unanswered--)
            {
                Answer();
            }
            Invocation answer = Answer();
            if (answer.Header(":status") != "200")
            {
                throw new IOException(
                    "the Runtime API answered " + answer.Header(":status") + ": " + Encoding.UTF8.GetString(answer.Take()));
            }
            return answer;
        }

        /// <summary>Answers an event, and asks for the next one.</summary>
        internal void Post(string path, ArraySegment<byte> body, string errorType)
        {
            Send(path, body, errorType, next);
            unanswered++;
            asked = true;
        }

        /// <summary>Tells what there is no event after.</summary>
        internal void PostLast(string path, ArraySegment<byte> body, string errorType)
        {
            Send(path, body, errorType, new byte[0]);
            Answer();
        }

        private void Send(string path, ArraySegment<byte> body, string errorType, byte[] behind)
        {
            string type = errorType == null ? "" : "Lambda-Runtime-Function-Error-Type: " + errorType + "\r\n";
            byte[] head = Encoding.ASCII.GetBytes(
                "POST " + Base + path + " HTTP/1.1\r\nHost: " + address + "\r\nContent-Type: application/json\r\n" + type
                    + "Content-Length: " + body.Count + "\r\n\r\n");
            if (body.Count > Small)
            {
                socket.Send(new List<ArraySegment<byte>>
                {
                    new ArraySegment<byte>(head), body, new ArraySegment<byte>(behind),
                });
                return;
            }
            var all = new byte[head.Length + body.Count + behind.Length];
            head.CopyTo(all, 0);
            Buffer.BlockCopy(body.Array, body.Offset, all, head.Length, body.Count);
            behind.CopyTo(all, head.Length + body.Count);
            socket.Send(all);
        }

        private Invocation Answer()
        {
            int length;
            while ((length = new ReadOnlySpan<byte>(held, start, end - start).IndexOf(HeadEnd)) < 0)
            {
                Receive();
            }
            var headers = new Dictionary<string, string>();
            string[] lines = Encoding.UTF8.GetString(held, start, length).Split(new[] { "\r\n" }, StringSplitOptions.None);
            headers[":status"] = lines[0].Split(' ')[1];
            for (int i = 1; i < lines.Length; i++)
            {
                int colon = lines[i].IndexOf(':');
                headers[lines[i].Substring(0, colon).ToLowerInvariant()] = lines[i].Substring(colon + 1).Trim();
            }
            start += length + HeadEnd.Length;
            string given;
            return new Invocation(headers, Body(headers.TryGetValue("content-length", out given) ? int.Parse(given) : 0));
        }

        private byte[] Body(int length)
        {
            var body = new byte[length];
            int there = Math.Min(length, end - start);
            Buffer.BlockCopy(held, start, body, 0, there);
            start += there;
            while (there < length)
            {
                there += Read(body, there, length - there);
            }
            return body;
        }

        private void Receive()
        {
            if (start > 0)
            {
                Buffer.BlockCopy(held, start, held, 0, end - start);
                end -= start;
                start = 0;
            }
            if (end == held.Length)
            {
                Array.Resize(ref held, 2 * held.Length);
            }
            end += Read(held, end, held.Length - end);
        }

        private int Read(byte[] into, int offset, int length)
        {
            int count = socket.Receive(into, offset, length, SocketFlags.None);
            if (count == 0)
            {
                throw new IOException("the Runtime API ended the connection");
            }
            return count;
        }
    }
}

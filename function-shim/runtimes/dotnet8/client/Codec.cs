using System;
using System.Buffers;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Amazon.Lambda.Core;

namespace Kappa.Runtime
{
    /// <summary>Turns events into what a handler takes, and what it returns into answers.</summary>
    internal abstract class Codec
    {
        private static readonly byte[] Null = Encoding.ASCII.GetBytes("null");

        internal abstract object Read(byte[] body, Type type);

        internal abstract ArraySegment<byte> Write(object value, Type type);

        /// <summary>That of the serializer which the handler or its assembly names, else System.Text.Json's.</summary>
        internal static Codec Of(MethodInfo handler)
        {
            LambdaSerializerAttribute named = handler.GetCustomAttribute<LambdaSerializerAttribute>()
                ?? handler.DeclaringType.Assembly.GetCustomAttribute<LambdaSerializerAttribute>();
            if (named == null)
            {
                return new JsonCodec();
            }
            object serializer = Activator.CreateInstance(named.SerializerType);
            if (!(serializer is ILambdaSerializer))
            {
                throw new LambdaValidationException(named.SerializerType + " does not implement ILambdaSerializer");
            }
            return new NamedCodec((ILambdaSerializer)serializer);
        }

        internal static object ReadAny(Codec codec, byte[] body, Type type)
        {
            return typeof(Stream).IsAssignableFrom(type) ? new MemoryStream(body, false) : codec.Read(body, type);
        }

        internal static ArraySegment<byte> WriteAny(Codec codec, object value, Type type)
        {
            if (type == typeof(void) || value == null)
            {
                return new ArraySegment<byte>(Null);
            }
            var stream = value as Stream;
            if (stream == null)
            {
                return codec.Write(value, type);
            }
            using (stream)
            {
                var all = new MemoryStream();
                stream.CopyTo(all);
                return Written(all);
            }
        }

        protected static ArraySegment<byte> Written(MemoryStream stream)
        {
            return new ArraySegment<byte>(stream.GetBuffer(), 0, (int)stream.Length);
        }
    }

    /// <summary>System.Text.Json with what AWS's default sets.</summary>
    internal sealed class JsonCodec : Codec
    {
        private readonly JsonSerializerOptions options = new JsonSerializerOptions
        {
            PropertyNameCaseInsensitive = true,
            IgnoreNullValues = true,
        };

        internal override object Read(byte[] body, Type type)
        {
            if (body.Length == 0)
            {
                return null;
            }
            if (type == typeof(JsonElement) || type == typeof(object)) // reads the event where it is, which may be large
            {
                return JsonDocument.Parse(body).RootElement;
            }
            return JsonSerializer.Deserialize(body, type, options);
        }

        internal override ArraySegment<byte> Write(object value, Type type)
        {
            var written = new ArrayBufferWriter<byte>(1024);
            using (var json = new Utf8JsonWriter(written))
            {
                JsonSerializer.Serialize(json, value, type, options);
            }
            ArraySegment<byte> answer;
            MemoryMarshal.TryGetArray(written.WrittenMemory, out answer);
            return answer;
        }
    }

    /// <summary>A serializer that the function brings.</summary>
    internal sealed class NamedCodec : Codec
    {
        private readonly ILambdaSerializer serializer;
        private MethodInfo read;
        private MethodInfo write;

        internal NamedCodec(ILambdaSerializer serializer)
        {
            this.serializer = serializer;
        }

        internal override object Read(byte[] body, Type type)
        {
            read = read ?? typeof(ILambdaSerializer).GetMethod("Deserialize").MakeGenericMethod(type);
            return Handler.Call(read, serializer, new object[] { new MemoryStream(body, false) });
        }

        internal override ArraySegment<byte> Write(object value, Type type)
        {
            write = write ?? typeof(ILambdaSerializer).GetMethod("Serialize").MakeGenericMethod(type);
            var stream = new MemoryStream();
            Handler.Call(write, serializer, new[] { value, stream });
            return Written(stream);
        }
    }
}

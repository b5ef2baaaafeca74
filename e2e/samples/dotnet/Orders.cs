using System;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Amazon.Lambda.Core;

[assembly: LambdaSerializer(typeof(Orders.SnakeCaseSerializer))]

namespace Orders
{
    public class Order
    {
        public string OrderId { get; set; }
        public int UnitPrice { get; set; }
        public int Quantity { get; set; }
    }

    public class Receipt
    {
        public string OrderId { get; set; }
        public int TotalPrice { get; set; }
    }

    public class OrderException : Exception
    {
        public OrderException(string message, Exception cause) : base(message, cause)
        {
        }
    }

    public class Api
    {
        public async ValueTask<Receipt> Place(Order order, ILambdaContext context)
        {
            LambdaLogger.Log("order " + order.OrderId);
            context.Logger.LogLine("placed by " + context.FunctionName);
            await Task.Delay(1);
            try
            {
                return new Receipt { OrderId = order.OrderId, TotalPrice = order.UnitPrice * (100 / order.Quantity) };
            }
            catch (DivideByZeroException e)
            {
                throw new OrderException("an order of nothing", e);
            }
        }

        public static async Task<Stream> Upper(Stream text)
        {
            string all = await new StreamReader(text).ReadToEndAsync();
            return new MemoryStream(Encoding.UTF8.GetBytes(all.ToUpperInvariant()));
        }
    }

    public class SnakeCaseSerializer : ILambdaSerializer
    {
        private static readonly JsonSerializerOptions Options =
            new JsonSerializerOptions { PropertyNamingPolicy = new SnakeCase() };

        public T Deserialize<T>(Stream stream)
        {
            using (var reader = new StreamReader(stream))
            {
                return JsonSerializer.Deserialize<T>(reader.ReadToEnd(), Options);
            }
        }

        public void Serialize<T>(T response, Stream stream)
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(response, typeof(T), Options);
            stream.Write(json, 0, json.Length);
        }

        private class SnakeCase : JsonNamingPolicy
        {
            public override string ConvertName(string name)
            {
                var snake = new StringBuilder();
                foreach (char letter in name)
                {
                    if (char.IsUpper(letter) && snake.Length > 0)
                    {
                        snake.Append('_');
                    }
                    snake.Append(char.ToLowerInvariant(letter));
                }
                return snake.ToString();
            }
        }
    }
}

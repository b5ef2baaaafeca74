def handler(event:, context:)
  puts "hello"
  raise ArgumentError, "as asked" if event["do"] == "fail"
  { echo: event }
end

$count = 0

def handler(event:, context:)
  $count += 1
  case event["do"]
  when "echo" then event["value"]
  when "context"
    { id: context.aws_request_id, name: context.function_name, version: context.function_version,
      memory: context.memory_limit_in_mb.to_i, arn: context.invoked_function_arn, group: context.log_group_name,
      stream: context.log_stream_name, remaining: context.get_remaining_time_in_millis }
  when "custom" then context.client_context["custom"]
  when "env" then ENV[event["name"]]
  when "trace" then ENV["_X_AMZN_TRACE_ID"]
  when "count" then $count
  when "fail" then raise ArgumentError, "as asked"
  when "exit" then exit!(3)
  when "sleep" then sleep 60
  when "print" then event["lines"].times { |i| puts "line #{i}" }
  when "big" then "x" * event["size"]
  when "keep"
    File.write("/tmp/kept", "x", mode: "a")
    File.size("/tmp/kept")
  when "leave"
    spawn("setsid", "sleep", "7655", out: File::NULL, err: File::NULL)
    nil
  end
end

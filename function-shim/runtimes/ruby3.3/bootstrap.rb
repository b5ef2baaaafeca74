# Runs a Ruby handler in the programming model of Lambda's Ruby runtime.
require "json"
require "socket"

# What a handler can ask about its event; the names are Lambda's.
class LambdaContext
  attr_reader :aws_request_id, :invoked_function_arn, :function_name, :function_version, :memory_limit_in_mb,
              :log_group_name, :log_stream_name, :deadline_ms, :identity, :client_context

  def initialize(headers)
    @aws_request_id = headers["lambda-runtime-aws-request-id"]
    @invoked_function_arn = headers["lambda-runtime-invoked-function-arn"]
    @deadline_ms = headers["lambda-runtime-deadline-ms"].to_i
    @function_name = ENV["AWS_LAMBDA_FUNCTION_NAME"]
    @function_version = ENV["AWS_LAMBDA_FUNCTION_VERSION"]
    @memory_limit_in_mb = ENV["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
    @log_group_name = ENV["AWS_LAMBDA_LOG_GROUP_NAME"]
    @log_stream_name = ENV["AWS_LAMBDA_LOG_STREAM_NAME"]
    given = headers["lambda-runtime-client-context"]
    @client_context = JSON.parse(given) if given
  end

  def get_remaining_time_in_millis
    [@deadline_ms - Process.clock_gettime(Process::CLOCK_REALTIME, :millisecond), 0].max
  end
end

# One kept connection to the Runtime API.
class RuntimeApi
  BASE = "/2018-06-01/runtime/".freeze

  def initialize(address)
    @address = address
    @socket = TCPSocket.new(*address.split(":"))
    @socket.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_NODELAY, 1)
  end

  # The headers by lower-case name, and the event.
  def next
    @socket.write("GET #{BASE}invocation/next HTTP/1.1\r\nHost: #{@address}\r\n\r\n")
    status, headers, body = answer
    raise "the Runtime API answered #{status}: #{body}" unless status == 200

    [headers, body.force_encoding(Encoding::UTF_8)]
  end

  def post(path, body, error_type = nil)
    head = "POST #{BASE}#{path} HTTP/1.1\r\nHost: #{@address}\r\nContent-Type: application/json\r\n"
    head << "Content-Length: #{body.bytesize}\r\n"
    head << "Lambda-Runtime-Function-Error-Type: #{error_type}\r\n" if error_type
    @socket.write(head << "\r\n", body)
    answer
  end

  private

  def answer
    status = (@socket.gets("\r\n") || raise("the Runtime API is gone")).split(" ", 3)[1].to_i
    headers = {}
    while (line = @socket.gets("\r\n").chomp("\r\n")) != ""
      name, value = line.split(": ", 2)
      headers[name.downcase] = value
    end
    [status, headers, @socket.read(headers["content-length"].to_i)]
  end
end

# Lambda's error object, and its line in the log; the frames of this file are left out.
def report(error, prefix)
  frames = (error.backtrace || []).reject { |frame| frame.start_with?(__FILE__) || frame.start_with?("<internal:") }
  shown = { errorMessage: error.message, errorType: "#{prefix}<#{error.class.name}>", stackTrace: frames }
  $stdout.puts(JSON.generate(shown))
  $stdout.flush
  JSON.generate(shown)
end

def load_handler(name)
  parts = name.split(".")
  unless [2, 3].include?(parts.size)
    raise ArgumentError, "Invalid handler #{name}, must be of form FILENAME.METHOD or FILENAME.CLASS.METHOD where " \
                         "FILENAME corresponds with an existing Ruby source file FILENAME.rb, CLASS is an optional " \
                         "module/class namespace and METHOD is a callable method. If using CLASS, METHOD must be a " \
                         "class-level method."
  end
  require parts[0]
  found = parts.size == 3 ? Kernel.const_get(parts[1]).method(parts[2]) : Object.new.method(parts[1])
  ->(event, context) { found.call(event: event, context: context) }
end

def serve(api, handler)
  loop do
    headers, body = api.next
    context = LambdaContext.new(headers)
    ENV["_X_AMZN_TRACE_ID"] = headers["lambda-runtime-trace-id"]
    path = "invocation/#{context.aws_request_id}/"
    begin
      answer = JSON.generate(handler.call(body.empty? ? nil : JSON.parse(body), context))
    rescue StandardError, NotImplementedError, LoadError, SystemStackError => e
      api.post("#{path}error", report(e, "Function"), "Function.Unhandled")
    else
      $stdout.flush
      api.post("#{path}response", answer)
    end
  end
end

$stdout.sync = true
api = RuntimeApi.new(ENV.fetch("AWS_LAMBDA_RUNTIME_API"))
begin
  handler = load_handler(ENV.fetch("_HANDLER"))
rescue StandardError, ScriptError => e
  api.post("init/error", report(e, "Init"), "Runtime.InitError")
  exit 1
end
serve(api, handler)

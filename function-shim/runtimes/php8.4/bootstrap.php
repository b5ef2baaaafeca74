<?php
// Runs a PHP handler in the manner of Bref's function runtime: the handler's file returns a callable, or an object with a
// method handle, which takes the event and its context.

declare(strict_types=1);

/** What a handler can ask about its event; the names are Bref's. */
final class LambdaContext
{
    public function __construct(private readonly array $headers)
    {
    }

    public function getAwsRequestId(): string
    {
        return $this->headers['lambda-runtime-aws-request-id'];
    }

    public function getRemainingTimeInMillis(): int
    {
        return max(0, (int) $this->headers['lambda-runtime-deadline-ms'] - (int) (microtime(true) * 1000));
    }

    public function getInvokedFunctionArn(): string
    {
        return $this->headers['lambda-runtime-invoked-function-arn'] ?? '';
    }

    public function getTraceId(): string
    {
        return $this->headers['lambda-runtime-trace-id'] ?? '';
    }

    public function getClientContext(): mixed
    {
        return json_decode($this->headers['lambda-runtime-client-context'] ?? 'null', true);
    }

    public function getFunctionName(): string
    {
        return (string) getenv('AWS_LAMBDA_FUNCTION_NAME');
    }

    public function getFunctionVersion(): string
    {
        return (string) getenv('AWS_LAMBDA_FUNCTION_VERSION');
    }

    public function getMemoryLimitInMb(): int
    {
        return (int) getenv('AWS_LAMBDA_FUNCTION_MEMORY_SIZE');
    }

    public function getLogGroupName(): string
    {
        return (string) getenv('AWS_LAMBDA_LOG_GROUP_NAME');
    }

    public function getLogStreamName(): string
    {
        return (string) getenv('AWS_LAMBDA_LOG_STREAM_NAME');
    }
}

/** The context of an event: Bref's own class where the function brings it, else one that has its name. */
function context(array $headers): object
{
    $known = new LambdaContext($headers);
    return $known instanceof Bref\Context\Context
        ? $known
        : new Bref\Context\Context(
            $known->getAwsRequestId(),
            (int) $headers['lambda-runtime-deadline-ms'],
            $known->getInvokedFunctionArn(),
            $known->getTraceId(),
        );
}

/** What handlers for Bref name, unless the function brings it. */
function offerNames(): void
{
    if (!class_exists('Bref\Context\Context')) {
        class_alias(LambdaContext::class, 'Bref\Context\Context');
    }
    if (!interface_exists('Bref\Event\Handler')) {
        class_alias(EventHandler::class, 'Bref\Event\Handler');
    }
}

/** Bref's interface of a handler. */
interface EventHandler
{
    public function handle($event, Bref\Context\Context $context);
}

/** One kept connection to the Runtime API. */
final class RuntimeApi
{
    private const BASE = '/2018-06-01/runtime/';

    /** @var resource */
    private $socket;

    public function __construct(private readonly string $address)
    {
        $options = stream_context_create(['socket' => ['tcp_nodelay' => true]]);
        $this->socket = stream_socket_client("tcp://$address", context: $options)
            ?: throw new RuntimeException('the Runtime API is not there');
        stream_set_timeout($this->socket, 365 * 24 * 3600);
    }

    /** @return array{array<string, string>, string} headers by lower-case name, and the event */
    public function next(): array
    {
        $this->write('GET ' . self::BASE . "invocation/next HTTP/1.1\r\nHost: $this->address\r\n\r\n");
        [$status, $headers, $body] = $this->answer();
        if ($status !== 200) {
            throw new RuntimeException("the Runtime API answered $status: $body");
        }
        return [$headers, $body];
    }

    public function post(string $path, string $body, ?string $errorType = null): void
    {
        $this->write('POST ' . self::BASE . "$path HTTP/1.1\r\nHost: $this->address\r\nContent-Type: application/json\r\n"
            . 'Content-Length: ' . strlen($body) . "\r\n"
            . ($errorType === null ? '' : "Lambda-Runtime-Function-Error-Type: $errorType\r\n") . "\r\n$body");
        $this->answer();
    }

    private function write(string $bytes): void
    {
        for ($at = 0; $at < strlen($bytes); $at += $written) {
            $written = fwrite($this->socket, $at === 0 ? $bytes : substr($bytes, $at));
            if (!$written) {
                throw new RuntimeException('the Runtime API is gone');
            }
        }
    }

    private function answer(): array
    {
        $status = (int) explode(' ', fgets($this->socket) ?: throw new RuntimeException('the Runtime API is gone'), 3)[1];
        $headers = [];
        while (($line = rtrim((string) fgets($this->socket), "\r\n")) !== '') {
            [$name, $value] = explode(': ', $line, 2);
            $headers[strtolower($name)] = $value;
        }
        $length = (int) ($headers['content-length'] ?? 0);
        return [$status, $headers, $length > 0 ? (string) stream_get_contents($this->socket, $length) : ''];
    }
}

/** Lambda's error object, and its lines in the log; the frames of this file are left out. */
function report(Throwable $error): string
{
    $frames = array_values(array_filter(
        explode("\n", $error->getTraceAsString()),
        static fn (string $frame): bool => !str_contains($frame, __FILE__) && !str_contains($frame, '{main}'),
    ));
    array_unshift($frames, $error->getFile() . ':' . $error->getLine());
    $shown = json_encode(
        ['errorType' => $error::class, 'errorMessage' => $error->getMessage(), 'stackTrace' => $frames],
        JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE,
    );
    echo $shown, "\n";
    return $shown;
}

/** Each handler's file has a scope of its own. */
function included(string $file): mixed
{
    return require $file;
}

function handler(string $name, string $root): callable
{
    foreach (["$root/vendor/autoload.php", '/opt/php/vendor/autoload.php'] as $autoload) {
        if (is_file($autoload)) {
            require $autoload;
        }
    }
    offerNames();
    if (is_file("$root/$name")) {
        $found = included("$root/$name");
        if (is_object($found) && !is_callable($found) && method_exists($found, 'handle')) {
            return $found->handle(...);
        }
        return is_callable($found)
            ? $found
            : throw new RuntimeException("Handler '$name' returns no callable and no object with a method handle");
    }
    $dot = strrpos($name, '.');
    $file = $dot === false ? '' : "$root/" . substr($name, 0, $dot) . '.php';
    if (!is_file($file)) {
        throw new RuntimeException("Handler '$name' is no file of the code; name one, such as index.php");
    }
    included($file);
    $function = substr($name, $dot + 1);
    return function_exists($function)
        ? $function(...)
        : throw new RuntimeException("Handler '$function' is no function of $file");
}

function serve(RuntimeApi $api, callable $handler): never
{
    while (true) {
        [$headers, $body] = $api->next();
        $context = context($headers);
        putenv('_X_AMZN_TRACE_ID=' . $context->getTraceId());
        $path = 'invocation/' . $context->getAwsRequestId();
        try {
            $event = $body === '' ? null : json_decode($body, true, 512, JSON_THROW_ON_ERROR);
            $answer = json_encode(
                $handler($event, $context),
                JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION,
            );
        } catch (Throwable $error) {
            $api->post("$path/error", report($error), 'Function.Unhandled');
            continue;
        }
        $api->post("$path/response", $answer);
    }
}

$root = (string) getenv('LAMBDA_TASK_ROOT');
chdir($root);
$api = new RuntimeApi((string) getenv('AWS_LAMBDA_RUNTIME_API'));
try {
    $handler = handler((string) getenv('_HANDLER'), $root);
} catch (Throwable $error) {
    $api->post('init/error', report($error), 'Runtime.InitError');
    exit(1);
}
serve($api, $handler);

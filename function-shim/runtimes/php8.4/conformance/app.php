<?php
return function (array $event, object $context): mixed {
    static $count = 0;
    $count++;
    switch ($event['do']) {
        case 'echo':
            return $event['value'];
        case 'context':
            return [
                'id' => $context->getAwsRequestId(),
                'name' => $context->getFunctionName(),
                'version' => $context->getFunctionVersion(),
                'memory' => $context->getMemoryLimitInMb(),
                'arn' => $context->getInvokedFunctionArn(),
                'group' => $context->getLogGroupName(),
                'stream' => $context->getLogStreamName(),
                'remaining' => $context->getRemainingTimeInMillis(),
            ];
        case 'custom':
            return $context->getClientContext()['custom'];
        case 'env':
            return getenv($event['name']) ?: null;
        case 'trace':
            return $context->getTraceId();
        case 'count':
            return $count;
        case 'fail':
            throw new InvalidArgumentException('as asked');
        case 'exit':
            exit(3);
        case 'sleep':
            sleep(60);
            return null;
        case 'print':
            for ($i = 0; $i < $event['lines']; $i++) {
                echo "line $i\n";
            }
            return null;
        case 'big':
            return str_repeat('x', $event['size']);
        case 'keep':
            file_put_contents('/tmp/kept', 'x', FILE_APPEND);
            clearstatcache();
            return filesize('/tmp/kept');
        case 'leave':
            exec('setsid sleep 7655 >/dev/null 2>&1 &');
            return null;
    }
};

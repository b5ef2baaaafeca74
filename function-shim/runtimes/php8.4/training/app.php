<?php
return function (mixed $event, object $context): array {
    echo "hello\n";
    if (($event['do'] ?? null) === 'fail') {
        throw new InvalidArgumentException('as asked');
    }
    return ['echo' => $event];
};

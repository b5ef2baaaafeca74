<?php
// Counts words, as a handler of Bref: a class with the event and its context.

require __DIR__ . '/vendor/autoload.php';

use App\Words;
use Bref\Context\Context;
use Bref\Event\Handler;

class Count implements Handler
{
    public function handle($event, Context $context)
    {
        echo "counting for {$context->getAwsRequestId()}\n";
        return ['words' => (new Words($event['text']))->count(), 'known' => $context->getRemainingTimeInMillis() > 0];
    }
}

return new Count();

<?php

declare(strict_types=1);

namespace App;

final class Words
{
    public function __construct(private readonly string $text)
    {
    }

    public function count(): array
    {
        return array_count_values(explode(' ', mb_strtolower($this->text)));
    }
}

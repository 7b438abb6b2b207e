#!/usr/bin/env php
<?php // php-symfony-lock as its manual has it: a LockFactory on a RedisStore; it is not refreshed.
require '/usr/share/php/Symfony/Component/Lock/autoload.php';
require __DIR__ . '/hustings.php';

use Symfony\Component\Lock\{LockFactory, Store\RedisStore};

$env = fn(string $name, int $value) => (int) (getenv("{$name}_MS") ?: $value);
[$name, $ttl] = [getenv('HUSTINGS_LOCK_KEY'), $env('HUSTINGS_LOCK_TTL', 300000) / 1000];
$url = parse_url(str_replace('unix://', 'file://', getenv('REDIS_URL')));

while (true) {
    try {
        $redis = new Redis();
        $redis->connect($url['host'] ?? $url['path'], $url['port'] ?? 0);
        $factory = new LockFactory(new RedisStore($redis));
        while (true) {
            $lock = $factory->createLock($name, $ttl);
            $lock->acquire(true);
            claim(['in_section' => true]);
            usleep(1000 * $env('WORK', 200));
            claim(['in_section' => false]);
            $lock->release();
            usleep(1000 * $env('REST', 100));
        }
    } catch (Exception $error) {
        fwrite(STDERR, 'says: ' . get_class($error) . ' ' . $error->getMessage() . "\n");
        usleep(1000 * $env('REST', 100));
    }
}

#!/usr/bin/env node
// npm's redis-semaphore as its manual has it: a Mutex, refreshed by itself, and onLockLost.
import { setTimeout as sleep } from "node:timers/promises";
import Redis from "ioredis";
import { Mutex } from "redis-semaphore";
import { claim } from "./hustings.mjs";

const env = (name, value) => Number(process.env[`${name}_MS`] ?? value);
const redis = new Redis(process.env.REDIS_URL);
const says = (error) => console.error("says:", error.name, error.message);
redis.on("error", says);

for (;;) {
  const options = { lockTimeout: env("HUSTINGS_LOCK_TTL", 10000), onLockLost: says };
  const mutex = new Mutex(redis, process.env.HUSTINGS_LOCK_KEY, options);
  try {
    await mutex.acquire();
    claim({ in_section: true });
    for (const ends = Date.now() + env("WORK", 5000); Date.now() < ends && mutex.isAcquired; )
      await sleep(50);
    claim({ in_section: false });
    await mutex.release();
  } catch (error) {
    says(error);
  }
  await sleep(env("REST", 100));
}

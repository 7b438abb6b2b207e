#!/usr/bin/env node
// npm's redlock 5.0.0-beta.2 as its manual has it: acquire() and release(); it is not extended.
import { setTimeout as sleep } from "node:timers/promises";
import Redis from "ioredis";
import Redlock from "redlock-5";
import { claim } from "./hustings.mjs";

const env = (name, value) => Number(process.env[`${name}_MS`] ?? value);
const [key, ttl] = [process.env.HUSTINGS_LOCK_KEY, env("HUSTINGS_LOCK_TTL", 2000)];
const redis = new Redis(process.env.REDIS_URL);
const redlock = new Redlock([redis]);
const says = (error) => console.error("says:", error.name, error.message);
redis.on("error", says);

for (;;) {
  try {
    const lock = await redlock.acquire([key], ttl);
    claim({ in_section: true });
    if (lock.expiration < Date.now())
      console.error("says: expired", Date.now() - lock.expiration, "ms before it was handed out");
    await sleep(env("WORK", 200));
    claim({ in_section: false });
    await lock.release();
  } catch (error) {
    says(error);
  }
  await sleep(env("REST", 100));
}

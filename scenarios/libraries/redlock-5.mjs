#!/usr/bin/env node
// npm's redlock 5.0.0-beta.2 as its manual has it: using(), which extends the lock by itself.
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
    await redlock.using([key], ttl, async (signal) => {
      claim({ in_section: true });
      for (const ends = Date.now() + env("WORK", 5000); Date.now() < ends && !signal.aborted; )
        await sleep(50);
      claim({ in_section: false });
      if (signal.aborted) throw signal.error;
    });
  } catch (error) {
    says(error);
  }
  await sleep(env("REST", 100));
}

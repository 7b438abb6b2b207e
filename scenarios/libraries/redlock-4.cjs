#!/usr/bin/env node
// npm's redlock 4.2.0 as its manual has it, "Usage (promise style)"; it is not extended.
const Redis = require("ioredis");
const Redlock = require("redlock-4");
const { setTimeout: sleep } = require("node:timers/promises");

const env = (name, value) => Number(process.env[`${name}_MS`] ?? value);
const [key, ttl] = [process.env.HUSTINGS_LOCK_KEY, env("HUSTINGS_LOCK_TTL", 2000)];
const redis = new Redis(process.env.REDIS_URL);
const redlock = new Redlock([redis]);
const says = (error) => console.error("says:", error.name, error.message);
redlock.on("clientError", says);
redis.on("error", says);

import("./hustings.mjs").then(async ({ claim }) => {
  for (;;) {
    try {
      const lock = await redlock.lock(key, ttl);
      claim({ in_section: true });
      await sleep(env("WORK", 200));
      claim({ in_section: false });
      await lock.unlock();
    } catch (error) {
      says(error);
    }
    await sleep(env("REST", 100));
  }
});

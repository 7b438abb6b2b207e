#!/usr/bin/env node
// npm's redis-leader as its manual has it. With WORK it leads for so long, stops, and stands again;
// without, for as long as it can. On an error "best is to exit your process".
import Redis from "ioredis";
import Leader from "redis-leader";
import { claim } from "./hustings.mjs";

const env = (name, value) => Number(process.env[`${name}_MS`] ?? value);
const says = (error) => console.error("says:", error.name, error.message);
const fails = (error) => (says(error), leads(false), process.exit(1));
const redis = new Redis(process.env.REDIS_URL);
const timing = { ttl: env("HUSTINGS_LOCK_TTL", 10000), wait: env("RETRY", 1000) };
const leader = new Leader(redis, { key: process.env.HUSTINGS_LOCK_KEY, ...timing });
let timer, leading;
const leads = (now) => now !== leading && claim({ leads: (leading = now) });

redis.on("error", fails);
leader.on("error", fails);
leader.on("elected", () => {
  leads(true);
  if (env("WORK", 0)) timer = setTimeout(stop, env("WORK", 0));
});
leader.on("revoked", () => (clearTimeout(timer), leads(false)));
function stop() {
  leads(false);
  leader.stop();
  setTimeout(() => leader.elect(), env("REST", 100));
}
leader.elect();

#!/usr/bin/env node
// npm's ts-safe-redis-leader as its manual has it. With WORK it leads for so long, stops, and stands
// again; without, for as long as it can. Of errors the manual says nothing: they are told.
import Redis from "ioredis";
import safe from "ts-safe-redis-leader";
import { claim } from "./hustings.mjs";

const env = (name, value) => Number(process.env[`${name}_MS`] ?? value);
const says = (error) => console.error("says:", error.name, error.message);
const config = { autoResubscribe: false, lazyConnect: true, maxRetriesPerRequest: 0 };
const redis = new Redis(process.env.REDIS_URL, config);
const timing = [env("HUSTINGS_LOCK_TTL", 1500), env("RETRY", 3000)];
const leader = new safe.SafeRedisLeader(redis, ...timing, process.env.HUSTINGS_LOCK_KEY);
let timer, leading;
const leads = (now) => now !== leading && claim({ leads: (leading = now) });

redis.on("error", says);
leader.on("error", says);
leader.on("elected", () => {
  leads(true);
  if (env("WORK", 0)) timer = setTimeout(stop, env("WORK", 0));
});
leader.on("demoted", () => (clearTimeout(timer), leads(false)));
function stop() {
  leads(false);
  leader.stop().catch(says);
  setTimeout(() => leader.elect(), env("REST", 100));
}
await leader.elect();

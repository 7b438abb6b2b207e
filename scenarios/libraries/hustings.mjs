// Claims of a member of hustings, as JSON lines on stdout. HUSTINGS_CLAIMS=no: it makes none.
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";

const tell = (line) => writeSync(1, JSON.stringify(line) + "\n");

const now = () => Number(process.hrtime.bigint()) / 1e9;

export const claim = (what) =>
  process.env.HUSTINGS_CLAIMS !== "no" && tell({ claim: { ...what, at_s: now() } });

claim({}); // of nothing: from the beginning, nothing is to be inferred of it

let lines; // of stdin, once it is read
async function answer() {
  lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  return (await lines.next()).value;
}
// To the protected resource; whether it was taken.
export async function write(token) {
  tell({ write: { token } });
  return JSON.parse(await answer()).written;
}
// A place where a fault may stop it.
export async function stop() {
  tell({ stop: true });
  await answer();
}

// How fast the page is with a history of 100,000 events, on this machine, whatever else it does: so
// each figure stands beside what the least that does the same takes in the same run.
//
//     node bench.mjs FOLDER
//
// FOLDER has long.html. The least: for the first paint a page of as many bytes that parses its data and
// paints one canvas; for a frame a canvas of the same size that is wiped and gets one line of text.
import fs from "node:fs";
import path from "node:path";
import { open, withBrowser } from "./browser.mjs";

const [folder] = process.argv.slice(2);
const FRAMES = 120;
const ROUNDS = 5;
const median = (list) => list.slice().sort((a, b) => a - b)[list.length >> 1];

// Seconds from the navigation until all has been painted once, as the page's own clock has it.
async function firstPaint(context, file) {
  const page = await open(context, file);
  const seconds = (await page.evaluate(() => performance.now())) / 1000;
  await page.close();
  return seconds;
}

// Processor time of the page's own thread, a frame, in ms; and frames a second.
async function loop(client, page, run) {
  const before = await cpu(client);
  const { fps } = await page.evaluate(run, FRAMES);
  return { fps, ms: ((await cpu(client)) - before) / FRAMES };
}

async function cpu(client) {
  const { metrics } = await client.send("Performance.getMetrics");
  return metrics.find((one) => one.name === "TaskDuration").value * 1000;
}

const pageLoop = (frames) => window.H.bench.run(frames);

const bareLoop = (frames) => new Promise((done) => {
  const like = document.querySelector("#timeline canvas");
  const canvas = document.createElement("canvas");
  canvas.width = like.width;
  canvas.height = like.height;
  canvas.style.cssText = `position:fixed;left:0;top:0;width:${like.clientWidth}px`;
  document.body.append(canvas);
  const c = canvas.getContext("2d");
  const start = performance.now();
  let i = 0;
  function frame() {
    c.clearRect(0, 0, canvas.width, canvas.height);
    c.fillText(`frame ${i}`, 20, 20);
    if (++i < frames) {
      requestAnimationFrame(frame);
      return;
    }
    canvas.remove();
    done({ fps: frames / ((performance.now() - start) / 1000) });
  }
  requestAnimationFrame(frame);
});

// A page of as many bytes that does nothing but parse them and paint.
function writeBare(file) {
  const data = fs.readFileSync(path.join(folder, "long.html"), "utf8")
    .match(/<script id="data" type="application\/json">(.*?)<\/script>/s)[1];
  fs.writeFileSync(file, `<!doctype html><meta charset="utf-8"><canvas></canvas>
<script id="data" type="application/json">${data}</script>
<script>window.data = JSON.parse(document.getElementById("data").textContent);
document.querySelector("canvas").getContext("2d").fillRect(0, 0, 9, 9);</script>`);
}

const say = (what, value, goal) => console.log(`${what.padEnd(46)} ${value.padEnd(40)} ${goal}`);

await withBrowser({}, async (context) => {
  const bare = path.join(folder, "bare.html");
  writeBare(bare);
  const paints = [], bares = [];
  for (let i = 0; i < ROUNDS; i++) {
    paints.push(await firstPaint(context, path.join(folder, "long.html")));
    bares.push(await firstPaint(context, bare));
  }
  const ratio = median(paints.map((seconds, i) => seconds / bares[i]));
  const page = await open(context, path.join(folder, "long.html"));
  const events = await page.evaluate(() => window.H.history(window.H.get().history).n);
  say("events", events.toLocaleString("en"), "");
  say("first paint of the timeline", `${median(paints).toFixed(2)} s, ${ratio.toFixed(1)} × the least ` +
    `(${median(bares).toFixed(2)} s)`, "goal: 2 s");
  const client = await context.newCDPSession(page);
  await client.send("Performance.enable");
  for (const zoom of ["all", "half", "near"]) {
    await page.evaluate((how) => window.H.bench.zoom(how), zoom);
    const pairs = [];
    for (let i = 0; i < ROUNDS; i++) {
      pairs.push([await loop(client, page, pageLoop), await loop(client, page, bareLoop)]);
    }
    const [ms, least] = [0, 1].map((which) => median(pairs.map((pair) => pair[which].ms)));
    const [fps, most] = [0, 1].map((which) => median(pairs.map((pair) => pair[which].fps)));
    say(`a frame while it pans, ${{ all: "all of it", half: "half of it", near: "400 events" }[zoom]}`,
      `${ms.toFixed(1)} ms, ${median(pairs.map(([a, b]) => a.ms / b.ms)).toFixed(1)} × a bare canvas ` +
      `(${least.toFixed(1)} ms)`, "");
    say("  frames a second", `${fps.toFixed(0)}; a bare canvas ${most.toFixed(0)}`, "goal: 30");
  }
});

// The page in a browser, as its readers use it. Prints a line for each check; exit 1 if one failed.
//
//     node check.mjs FOLDER SCREENSHOTS
//
// FOLDER has the pages that tests/page/run makes: several.html (several results folders, one with
// violations), hostile.html and hostile-map.html (each text that a stranger may write is HTML), and
// matrix.html, sweep.html, curve.html, bare.html and wide.html: maps, the last two without trials.
import assert from "node:assert/strict";
import path from "node:path";
import { axe, frames, open, withBrowser } from "./browser.mjs";
import { maps } from "./map.mjs";
import { panels } from "./panels.mjs";
import { timeline } from "./timeline.mjs";

const [folder, screenshots] = process.argv.slice(2);
const several = path.join(folder, "several.html");
const hostile = path.join(folder, "hostile.html");
const MAPS = ["matrix", "sweep", "curve", "hostile-map"].map((name) => path.join(folder, `${name}.html`));
const EACH = [several, hostile, MAPS[0], MAPS[2]];
const WIDTHS = [1280, 390];
const SCHEMES = ["light", "dark"];

const checks = [];
const check = (name, run) => checks.push({ name, run });

const state = (page) => page.evaluate(() => {
  const { run, history, ns, event, playing } = window.H.get();
  return { run, history, ns, event, playing };
});

async function eachLook(context, file, use) {
  for (const width of WIDTHS) {
    for (const scheme of SCHEMES) {
      const page = await open(context, file, { width, scheme });
      await use(page, width, scheme);
      await page.close();
    }
  }
}

// Shows the run in which a promise was broken.
async function toViolations(page) {
  const run = await page.evaluate(() => window.H.data.runs.findIndex((one) =>
    one.histories.some((index) => window.H.data.histories[index].violations.length)));
  assert.ok(run >= 0, "no run in the page has a violation");
  await page.evaluate((which) => window.H.set({ run: which }), run);
  await frames(page);
}

check("it opens from the disk, says nothing on the console, and asks no network", async (context) => {
  for (const file of EACH) {
    await eachLook(context, file, async (page) => {
      await page.keyboard.press("End");
      await frames(page);
      assert.deepEqual(page.said, []);
    });
  }
});

check("an address that leads to nothing is told, until something else is chosen", async (context) => {
  const page = await open(context, several);
  const first = await state(page);
  for (const [hash, words] of [["#run=99&trial=1", "run 99, which"], ["#run=0&trial=999", "trial 999, whose"]]) {
    await page.evaluate((address) => (window.location.hash = address), hash);
    await page.locator(".lost", { hasText: `The address names ${words}` }).waitFor();
  }
  await page.evaluate(() => {
    window.H.set({ run: 1 });
    window.location.hash = "#run=0&trial=998"; /* shows another run, which must not take the words back */
  });
  await page.locator(".lost", { hasText: "The address names trial 998" }).waitFor();
  await page.waitForTimeout(2 * 300); /* twice as long as the page waits before it writes its address */
  assert.match(await page.locator(".lost").innerText(), /trial 998/);
  await page.evaluate((event) => window.H.set({ event }), first.event + 1);
  await page.locator(".lost").waitFor({ state: "hidden" });
  await page.evaluate(() => (window.location.hash = "#run=0&trial=1"));
  await frames(page);
  assert.equal(await page.locator(".lost").innerText(), "");
  assert.deepEqual(page.said, []);
  await page.close();
});

check("nothing needs to be scrolled sideways", async (context) => {
  for (const file of EACH) {
    await eachLook(context, file, async (page, width) => {
      const [wide, room] = await page.evaluate(() =>
        [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      const sticks = await page.evaluate((limit) => [...document.querySelectorAll("body *")]
        .filter((one) => one.getBoundingClientRect().right > limit + 1 &&
          !one.closest(".scroll, .tl-list, svg, .only-read")).slice(0, 5)
        .map((one) => one.outerHTML.slice(0, 90)), width);
      assert.ok(wide <= room, `${wide} px in ${room}: ${sticks.join("\n")}`);
    });
  }
});

check("nor at 320 px, as of a page that is enlarged four times", async (context) => {
  for (const file of MAPS) {
    const page = await open(context, file, { width: 320 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320, file);
    await page.close();
  }
  const page = await open(context, several, { width: 320 });
  for (let run = 0; run < await page.evaluate(() => window.H.data.runs.length); run++) {
    await page.evaluate((which) => window.H.set({ run: which }), run);
    await frames(page);
    const [wide, sticks] = await page.evaluate(() => [document.documentElement.scrollWidth,
      [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > 321 &&
        !one.closest(".scroll, .tl-list, svg, .only-read")).slice(0, 5).map((one) => one.outerHTML.slice(0, 90))]);
    assert.ok(wide <= 320, `run ${run}, ${wide} px: ${sticks.join("\n")}`);
  }
});

check("axe-core finds nothing serious, nor moderate", async (context) => {
  for (const file of EACH) {
    await eachLook(context, file, async (page, width, scheme) => {
      // Injected past the page's own policy, which allows no other script.
      const client = await context.newCDPSession(page);
      await client.send("Page.setBypassCSP", { enabled: true });
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      const worse = found.violations.filter((one) => ["moderate", "serious", "critical"].includes(one.impact));
      assert.deepEqual(worse.map((one) => `${one.id}: ${one.nodes.length} × ${one.nodes[0].html
        .slice(0, 120)}: ${one.nodes[0].failureSummary}`), [], `${width} px, ${scheme}`);
    });
  }
});

check("a violation that is clicked is shown on the timeline", async (context) => {
  const page = await open(context, several);
  await toViolations(page);
  const before = await page.locator("#tl-canvas canvas, canvas#tl-canvas, #timeline canvas").first()
    .screenshot();
  const link = page.locator("#violations tbody tr button.link").first();
  await link.click();
  await frames(page);
  const now = await state(page);
  const violation = await page.evaluate((history) => window.H.data.histories[history].violations
    .map(({ from, to, check }) => ({ from, to, check })), now.history);
  assert.ok(violation.some(({ from, to }) => now.ns >= from - 1e6 && now.ns <= to + 1e6),
    `${now.ns} is in none of ${JSON.stringify(violation)}`);
  assert.equal(await page.locator("#violations tr[aria-current]").count() > 0, true);
  const after = await page.locator("#timeline canvas").first().screenshot();
  assert.ok(!before.equals(after), "the timeline looks as before");
  assert.deepEqual(page.said, []);
  await page.close();
});

// What is at the place of the timeline's flags, and whether the lanes below are in the window.
const flagsAreSeen = (page) => page.evaluate(() => {
  const canvas = document.getElementById("tl-canvas");
  const box = canvas.getBoundingClientRect();
  const lanes = document.querySelector("#timeline .tl-scroll").getBoundingClientRect();
  const bar = document.getElementById("shown").getBoundingClientRect().bottom;
  const middle = box.left + box.width / 2;
  const strange = [box.top + 5, box.top + 34, Math.min(lanes.bottom, bar + lanes.height) - 5].filter((y) =>
    !(y > bar && y < window.innerHeight && document.elementFromPoint(middle, y) === canvas));
  const { ns } = window.H.get();
  const { from, to } = window.H.timeline.seen();
  return { strange, ns: ns >= from && ns <= to, top: lanes.top, bottom: lanes.bottom, bar };
});

check("a violation, an election and a trial that is clicked: its lanes are in the window", async (context) => {
  for (const [width, height] of [[1280, 900], [390, 844]]) {
    for (const table of ["violations", "elections", "trials"]) {
      for (const which of ["first", "last"]) {
        const page = await open(context, several, { width, height });
        await toViolations(page);
        await page.locator(`#${table} tbody tr button.link`)[which]().click();
        await frames(page);
        await frames(page);
        const now = await flagsAreSeen(page);
        assert.deepEqual([now.strange, now.ns], [[], true], `${width} px, ${table}, ${which}: ${JSON.stringify(now)}`);
        await page.close();
      }
    }
  }
});

check("a line of the story leads to its event", async (context) => {
  const page = await open(context, several);
  await toViolations(page);
  const wanted = await page.evaluate(() => window.H.data.histories[window.H.get().history].story
    .map((line) => line.event));
  if (wanted.length === 0) {
    console.log("skipped: no story is in the page yet");
    return;
  }
  const links = page.locator("#story li button.link");
  assert.equal(await links.count(), wanted.length);
  assert.ok(wanted.length >= 2, "a story of less than two lines");
  for (const index of [0, wanted.length - 1]) {
    await links.nth(index).click();
    assert.equal((await state(page)).event, wanted[index]);
    assert.equal(await page.locator("#story [aria-current]").count(), 1);
  }
  await page.close();
});

check("playback steps on, and back the same way; and plays", async (context) => {
  const page = await open(context, several);
  await toViolations(page);
  await page.evaluate(() => window.H.set({ event: 30 }));
  const onward = page.getByRole("button", { name: "One event forward" });
  const back = page.getByRole("button", { name: "One event back" });
  const words = page.locator("#playback .playback-step");
  const way = [[(await state(page)).event, await words.textContent()]];
  for (let i = 0; i < 5; i++) {
    await onward.click();
    way.push([(await state(page)).event, await words.textContent()]);
  }
  assert.equal(new Set(way.map(([event]) => event)).size, 6);
  for (let i = 4; i >= 0; i--) {
    await back.click();
    assert.deepEqual([(await state(page)).event, await words.textContent()], way[i]);
  }
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.waitForFunction((from) => window.H.get().event > from + 3, way[0][0], { timeout: 10000 });
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const still = await state(page);
  assert.equal(still.playing, false);
  await frames(page);
  assert.equal((await state(page)).event, still.event);
  assert.deepEqual(page.said, []);
  await page.close();
});

check("tables are sorted by the keyboard", async (context) => {
  const page = await open(context, several);
  const heading = page.locator("#elections th button", { hasText: "Elect ms" });
  const column = await page.locator("#elections th").evaluateAll((all) =>
    all.findIndex((one) => one.textContent.startsWith("Elect ms")));
  const values = () => page.locator("#elections tbody tr").evaluateAll((rows, at) =>
    rows.map((row) => Number(row.cells[at].textContent.replaceAll(",", ""))).filter(Number.isFinite), column);
  const ascending = (list) => list.every((value, i) => i === 0 || list[i - 1] <= value);
  await heading.focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.locator("#elections th[aria-sort=ascending]").count(), 1);
  const up = await values();
  assert.ok(up.length > 5 && ascending(up), JSON.stringify(up));
  await page.keyboard.press("Space");
  assert.equal(await page.locator("#elections th[aria-sort=descending]").count(), 1);
  const down = await values();
  assert.ok(ascending(down.slice().reverse()) && down[0] === up[up.length - 1], JSON.stringify(down));
  assert.ok(await heading.evaluate((one) => one === document.activeElement), "the focus is lost");
  await page.close();
});

check("the timeline is worked by keys", async (context) => {
  const page = await open(context, several);
  await toViolations(page);
  await page.locator("#tl-canvas").focus();
  await page.keyboard.press("Home");
  const first = await state(page);
  await page.keyboard.press(".");
  await page.keyboard.press(".");
  const third = await state(page);
  assert.ok(third.event > first.event);
  await page.keyboard.press(",");
  await page.keyboard.press(",");
  assert.equal((await state(page)).event, first.event);
  await page.keyboard.press("v");
  const violation = await state(page);
  assert.notEqual(violation.event, first.event);
  for (const key of ["w", "w", "d", "a", "s", "f", "c", "c"]) {
    await page.keyboard.press(key);
  }
  await page.keyboard.press("?");
  assert.ok(await page.locator("dialog.tl-help").isVisible());
  await page.keyboard.press("Escape");
  assert.ok(!(await page.locator("dialog.tl-help").isVisible()));
  // It gives the focus back a moment later.
  await page.waitForFunction(() => document.activeElement.id === "tl-canvas");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.type), "search");
  await page.keyboard.type("publishes");
  await page.keyboard.press("Enter");
  await frames(page);
  const words = await page.evaluate(() => window.H.history(window.H.get().history)
    .words(window.H.get().event));
  assert.match(words, /publishes/);
  assert.deepEqual(page.said, []);
  await page.close();
});

check("every control is reached by Tab, and shows it", async (context) => {
  const page = await open(context, several);
  const names = new Set();
  for (let i = 0; i < 100; i++) {
    await page.keyboard.press("Tab");
    const [name, shown] = await page.evaluate(() => {
      const one = document.activeElement;
      const style = getComputedStyle(one);
      return [`${one.tagName} ${one.id || one.getAttribute("aria-label") || one.textContent.trim()
        .slice(0, 30)}`, style.outlineStyle !== "none" || style.boxShadow !== "none"];
    });
    names.add(name);
    assert.ok(shown, `the focus on ${name} is not to be seen`);
  }
  assert.ok([...names].some((name) => name.includes("tl-canvas")), [...names].join("; "));
  assert.ok(names.size > 20, [...names].join("; "));
  await page.close();
});

check("what a stranger wrote stays text", async (context) => {
  for (const file of [hostile, path.join(folder, "hostile-map.html")]) {
    const page = await open(context, file);
    await page.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.equal(await page.locator("img").count(), 0);
    assert.ok((await page.locator("body").innerText()).includes("<img src=x onerror="));
    await page.close();
  }
});

panels(check, several);
timeline(check, several);
maps(check, folder);

check("screenshots, to be looked at", async (context) => {
  await eachLook(context, several, async (page, width, scheme) => {
    await toViolations(page);
    await page.locator("#violations tbody tr button.link").first().click();
    await frames(page);
    await page.screenshot({ path: path.join(screenshots, `page-${width}-${scheme}.png`), fullPage: true });
  });
  const page = await open(context, several);
  await page.emulateMedia({ media: "print" });
  await page.pdf({ path: path.join(screenshots, "page.pdf"), format: "A4" });
  assert.deepEqual(page.said, []);
  await page.close();
});

// HUSTINGS_CHECKS=REGEX: only those, while one works on them.
const wanted = checks.filter(({ name }) => new RegExp(process.env.HUSTINGS_CHECKS || "").test(name));
let failed = 0;
await withBrowser({}, async (context) => {
  for (const { name, run } of wanted) {
    try {
      await run(context);
      console.log(`ok   ${name}`);
    } catch (error) {
      failed++;
      console.log(`FAIL ${name}: ${error.stack}`);
    }
    for (const page of context.pages().slice(1)) {
      await page.close();
    }
  }
});
process.exitCode = failed ? 1 : 0;

// Checks of the map of a matrix or a sweep: that its cells say what the table says, by mouse, keys and
// ears, and that each leads to its trial.
import assert from "node:assert/strict";
import path from "node:path";
import { frames, open } from "./browser.mjs";

// By what is shown: the cell that is chosen, its run, what stands below.
const shown = (page) => page.evaluate(() => {
  const { cell, run, history } = window.H.get();
  return {
    cell, run, history,
    selected: [...document.querySelectorAll('[role=grid] [aria-selected="true"]')].map((one) => Number(one.dataset.cell)),
    heading: document.querySelector("#map-cell h2").textContent,
    badge: document.querySelector("#map-cell .badge").textContent,
    trial: getComputedStyle(document.querySelector("main > *:not(noscript)")).display !== "none",
    hash: decodeURIComponent(window.location.hash),
  };
});

const focused = (page) => page.evaluate(() => Number(document.activeElement.dataset.cell ?? -1));

// Clicks each cell: heading, sentence and trial are its own.
async function walk(page) {
  const count = await page.evaluate(() => window.H.map.rows.length);
  for (let cell = 0; cell < count; cell++) {
    const td = page.locator(`[data-cell="${cell}"]`);
    if ((await shown(page)).cell !== cell) {
      await td.click();
      await frames(page);
    }
    const now = await shown(page);
    const row = await page.evaluate((which) => window.H.map.rows[which], cell);
    assert.deepEqual([now.cell, now.selected], [cell, [cell]]);
    const spoken = await td.locator(".only-read").textContent();
    assert.ok(spoken.startsWith(now.heading), `${spoken} / ${now.heading}`);
    const run = await page.evaluate((which) => window.H.map.of.runs[which], cell);
    assert.equal(now.trial, run >= 0, JSON.stringify(row));
    if (run >= 0) {
      assert.equal(now.run, run);
      const history = await page.evaluate((which) => window.H.data.histories[which], now.history);
      assert.equal(history.run, run);
      assert.equal(await page.locator("#story li").count(), history.story.length);
      assert.equal(await page.locator("#violations tbody tr").count(), history.violations.length);
    }
    said(row, now, spoken);
  }
}

// Heading, badge and what is heard say what the table says.
function said(row, now, spoken) {
  if (row.story !== undefined) {
    assert.equal(now.heading, `${row.story} against ${row.combination}`);
    assert.ok(now.badge.includes(row.cell) && spoken.includes(row.cell), `${now.badge} / ${spoken}`);
    assert.ok(row.cell !== "breaks" || now.badge.includes(`in ${row.broke} of ${row.trials}`), now.badge);
    assert.ok(now.badge.includes(row.check ?? ""), now.badge);
  } else {
    assert.ok(now.badge.includes(row.split_brain_trials > 0 ? `split in ${row.split_brain_trials} of` : "never split"),
      `${now.badge}: ${JSON.stringify(row)}`);
  }
}

export function maps(add, folder) {
  const matrix = path.join(folder, "matrix.html");
  const sweep = path.join(folder, "sweep.html");
  const curve = path.join(folder, "curve.html");

  add("the map: each cell that is clicked shows what came of it, and its trial", async (context) => {
    for (const file of [matrix, sweep, curve]) {
      const page = await open(context, file);
      await walk(page);
      assert.deepEqual(page.said, []);
      await page.close();
    }
  });

  add("the map: it is worked by keys alone, from the cell to the story and back", async (context) => {
    const page = await open(context, matrix);
    const grid = page.getByRole("grid");
    assert.equal(await grid.locator('[tabindex="0"]').count(), 1);
    await grid.locator('[tabindex="0"]').focus();
    const start = await focused(page);
    const columns = await page.evaluate(() => window.H.map.columns.length);
    const count = await page.evaluate(() => window.H.map.rows.length);
    await page.keyboard.press("Control+Home");
    assert.equal(await focused(page), 0);
    await page.keyboard.press("ArrowLeft");
    assert.equal(await focused(page), 0);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(page), columns + 1);
    await page.keyboard.press("End");
    assert.equal(await focused(page), 2 * columns - 1);
    await page.keyboard.press("Control+End");
    assert.equal(await focused(page), count - 1);
    await page.keyboard.press("PageUp");
    assert.equal(await focused(page), columns - 1);
    assert.equal((await shown(page)).cell, start, "moving chooses nothing");
    assert.equal(await grid.locator('[tabindex="0"]').count(), 1);
    const broken = await page.evaluate((not) => window.H.map.rows.findIndex((row, i) =>
      row.cell === "breaks" && i !== not && window.H.map.hasTrial(i)), start);
    await page.locator(`[data-cell="${broken}"]`).focus();
    await page.keyboard.press("Enter");
    await frames(page);
    assert.deepEqual([(await shown(page)).cell, await focused(page)], [broken, broken]);
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "map-cell");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    assert.ok(await page.evaluate(() => Boolean(document.activeElement.closest("#story li"))), "the story is not reached");
    const box = await page.locator("#story-section").boundingBox();
    assert.ok(box.y >= 0 && box.y < 300, JSON.stringify(box));
    assert.deepEqual(page.said, []);
    await page.close();
  });

  add("the map: a link leads to a cell and a moment, and the address says which is shown", async (context) => {
    const page = await open(context, matrix);
    const names = await page.evaluate(() => window.H.map.rows.map((row, i) => [window.H.map.name(row), window.H.map.hasTrial(i)]));
    const cell = names.findIndex(([name, has], i) => i > 0 && has && name.includes("+"));
    await page.evaluate((name) => (window.location.hash = `#cell=${name}&event=7`), names[cell][0]);
    await page.waitForFunction((which) => window.H.get().cell === which && window.H.get().event === 7, cell);
    await page.evaluate(() => window.H.set({ event: 9 }));
    await page.waitForFunction(() => window.location.hash.includes("event=9"));
    const hash = await page.evaluate(() => window.location.hash);
    await page.evaluate(() => window.H.set({ cell: 0 }));
    await page.waitForFunction((old) => window.location.hash !== old, hash);
    await page.evaluate((old) => (window.location.hash = old), hash);
    await page.waitForFunction((which) => window.H.get().cell === which && window.H.get().event === 9, cell);
    assert.equal(await page.locator(".lost").innerText(), "");
    await page.evaluate(() => (window.location.hash = "#cell=nonsense@nothing&event=-1"));
    await frames(page);
    assert.equal((await shown(page)).cell, cell);
    const lost = page.getByRole("status").filter({ hasText: "The address names the cell nonsense@nothing, which is not" });
    await lost.waitFor();
    await page.evaluate(() => window.H.set({ cell: 0 }));
    await lost.waitFor({ state: "hidden" });
    assert.deepEqual(page.said, []);
    await page.close();
  });

  add("the map: another figure of a sweep is shown and spoken", async (context) => {
    const page = await open(context, sweep);
    const select = page.getByRole("combobox", { name: "Show" });
    const before = await page.locator('[data-cell="0"] .map-kind').textContent();
    await select.selectOption({ label: "nobody led: p99 of a trial" });
    const after = await page.locator('[data-cell="0"] .map-kind').textContent();
    assert.notEqual(before, after);
    const p99 = await page.evaluate(() => window.H.map.time(window.H.map.rows[0].leaderless_ms_p99));
    assert.ok(after.includes(p99), `${after}: ${p99}`);
    assert.ok((await page.locator('[data-cell="0"] .only-read').textContent()).includes(`p99 of a trial: ${p99}`));
    await page.close();
  });

  add("the map: the curve of one key has a dot for each value, red where the brain was split", async (context) => {
    const page = await open(context, curve);
    const [rows, dots] = await page.evaluate(() => [window.H.map.rows.map((row) => row.split_brain_trials > 0),
      [...document.querySelectorAll(".map-dot")].map((one) => one.classList.contains("is-split"))]);
    assert.deepEqual(dots, rows);
    assert.ok(rows.includes(true) && rows.includes(false), "all are alike");
    assert.doesNotMatch(await page.locator(".map-line").getAttribute("d"), /NaN/);
    await page.locator(".map-dot").nth(1).click();
    assert.equal((await shown(page)).cell, 1);
    await page.close();
  });

  add("the map: names too long for the curve's axis are letters, what is not known is hollow", async (context) => {
    const page = await open(context, path.join(folder, "leases.html"), { width: 390 });
    assert.deepEqual(await page.locator(".map-curve .axis").first().locator("text").allTextContents(), ["A", "B", "C"]);
    assert.match(await page.locator(".map-letters li").nth(1).textContent(), /^B: \{duration: 3s, /);
    const size = await page.locator(".map-curve svg").evaluate((one) => one.getBoundingClientRect().width / one.viewBox.baseVal.width);
    assert.ok(size > 0.9, `letters are ${size} of their size`);
    assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll(".map-dot")].map((one) => one.classList.contains("is-unknown"))),
      [true, false, true]);
    const spoken = await page.locator("[data-cell] .only-read").allTextContents();
    assert.match(spoken[0], /but 1 of 20 trials cannot be judged/);
    assert.match(spoken[1], /not split in the 15 of 20 trials that could have shown it/);
    assert.match(spoken[2], /but none of 20 trials could have shown one/);
    assert.deepEqual(await page.locator("[data-cell] .map-kind").allTextContents(), ["? undecided", "✓ never split*", "? not tested"]);
    assert.match(await page.locator(".map-advice strong").textContent(), /^[A-Z]/);
    assert.deepEqual(page.said, []);
    await page.close();
  });

  add("the map: without trials it shows the cells, and says why there are none", async (context) => {
    const page = await open(context, path.join(folder, "bare.html"));
    await page.locator('[data-cell="1"]').click();
    const now = await shown(page);
    assert.deepEqual([now.cell, now.trial], [1, false]);
    assert.ok((await page.locator("#map-cell").innerText()).includes("No trial of it is in this page: none were asked for."));
    assert.deepEqual(page.said, []);
    await page.close();
  });

  add("the map: a program that ended by itself is told apart from a broken promise", async (context) => {
    const page = await open(context, path.join(folder, "ends.html"));
    assert.equal(await page.locator('[data-cell="0"] .map-kind').innerText(), "✗ ends 60 %");
    assert.equal(await page.locator('[data-cell="0"].is-ends').count(), 1);
    assert.ok((await page.locator(".map-legend").innerText()).includes("ends: a program ended by itself"));
    await page.locator('[data-cell="0"]').click();
    assert.match((await shown(page)).badge, /ends in 3 of 5 trials: program_ended/);
    assert.deepEqual(page.said, []);
    await page.close();
  });

  add("the map: one of many columns is seen as a whole, and heard as any other", async (context) => {
    const page = await open(context, path.join(folder, "wide.html"));
    const [wide, room] = await page.locator(".map-scroll").evaluate((one) => [one.scrollWidth, one.clientWidth]);
    assert.ok(wide <= room, `${wide} px in ${room}`);
    const cell = page.locator('[data-cell="20"]');
    assert.match(await cell.locator(".map-kind").innerText(), /^[✓✗?]$/);
    assert.match(await cell.locator(".only-read").textContent(), /^Point 21: .*split/);
    await page.close();
  });

  add("the map: screenshots, to be looked at", async (context) => {
    for (const name of ["matrix", "sweep", "curve", "leases", "wide"]) {
      for (const [width, scheme] of [[1280, "light"], [1280, "dark"], [390, "light"]]) {
        const page = await open(context, path.join(folder, `${name}.html`), { width, scheme });
        await page.screenshot({ path: path.join(process.argv[3], `${name}-${width}-${scheme}.png`) });
        await page.close();
      }
    }
  });
}

// Checks of playback, the ring and the charts: that a moment is the same from whichever side it is
// come to, that what is drawn is what the data say, and that each chart has its figures as text.
import assert from "node:assert/strict";
import { frames, open } from "./browser.mjs";

// Shows the trial in which a check was broken, at its first event.
async function toCheck(page, name) {
  const found = await page.evaluate((check) => {
    const H = window.H;
    for (let history = 0; history < H.data.histories.length; history++) {
      const violation = H.data.histories[history].violations.find((one) => one.check === check);
      if (violation) {
        H.set({ history, ns: (violation.from + violation.to) / 2 });
        return true;
      }
    }
    return false;
  }, name);
  assert.ok(found, `no history in the page breaks ${name}`);
  await frames(page);
}

const visible = (page, selector) => page.locator(selector).evaluateAll((all) =>
  all.filter((one) => one.getAttribute("visibility") === "visible").length);

// What was said of a state, taken from the data alone: the last change of each member.
async function statesAreTheSame(page) {
  return page.evaluate(() => {
    const H = window.H;
    const wrong = [];
    let dice = 1;
    H.data.histories.slice(0, 6).forEach((raw, index) => {
      const h = H.history(index);
      for (let k = 0; k < 200; k++) {
        dice = (dice * 48271) % 2147483647;
        const event = dice % h.n;
        const fresh = h.members.map(() => [0, -1, 0, null]);
        raw.states.filter((row) => row[0] <= event).forEach((row) => {
          fresh[row[1]] = row.slice(2);
        });
        const got = h.stateAt(event).map((s) =>
          [s.bits, s.follows, s.term, s.until === Infinity ? null : s.until]);
        if (JSON.stringify(got) !== JSON.stringify(fresh)) {
          wrong.push([index, event]);
        }
      }
    });
    return wrong;
  });
}

// Steps to the end and back by the buttons; the events at which the picture was another one.
async function stepsBack(page) {
  return page.evaluate(() => {
    const H = window.H;
    const section = document.getElementById("playback");
    const press = (name) => section.querySelector(`[aria-label="${name}"]`).click();
    const picture = () => [".ring", ".playback-table", ".playback-step"]
      .map((part) => section.querySelector(part).outerHTML).join("").replace(/ class=""/g, "")
      .replace(/ aria-label="[^"]*"/, "");
    const h = H.history(H.get().history);
    const last = Math.min(h.n - 1, 120);
    const way = [];
    H.set({ event: 0 });
    for (let event = 0; event <= last; event++) {
      way.push(picture());
      if (event < last) {
        press("One event forward");
      }
    }
    const wrong = [];
    for (let event = last - 1; event >= 0; event--) {
      press("One event back");
      if (H.get().event !== event || picture() !== way[event]) {
        wrong.push(event);
      }
    }
    return wrong;
  });
}

// Of the run whose dead leader's lease outlives its time: the stretch of the Redis's row that is drawn
// dashed, in ns, and the end of the history.
const overdue = (page) => page.evaluate(() => {
  const { H } = window;
  const T = H.timeline;
  const run = H.data.runs.findIndex((one) => one.scenario === "lease-clock-backward");
  H.set({ run });
  const h = H.history(H.get().history);
  const row = T.model(h).rows.find((one) => one.type === "server");
  const drawn = [];
  let dashed = false;
  const own = { measureText: () => ({ width: 9 }), setLineDash: (list) => (dashed = list.length > 0) };
  const c = new Proxy(own, {
    get: (target, name) => name in target ? target[name] : (x) => {
      if (dashed && (name === "moveTo" || name === "lineTo")) {
        drawn.push(x * 1e6);
      }
    },
    set: (target, name, value) => ((target[name] = value), true),
  });
  const x = (ns) => ns / 1e6;
  const axis = { name: "time", positions: h.t, end: h.end_ns, of: (ns) => ns, ns: (at) => at };
  const view = { gutter: 0, width: 10000, from: 0, to: 10000, axis, x, timeX: x };
  T.layout(T.model(h), false);
  T.paintServer({ c, look: T.readLook(document.body, 1), view, model: T.model(h), y: 0 }, Object.assign(row, { body: 0 }));
  return { from: Math.min(...drawn), to: Math.max(...drawn), end: h.end_ns };
});

function locks(check, several) {
  check("who leads by a lease has no crown when it is over, though nothing is said", async (context) => {
    const page = await open(context, several);
    const found = await page.evaluate(() => {
      const { H } = window;
      const leads = H.bits.leads | H.bits.alive;
      for (let history = 0; history < H.data.histories.length; history++) {
        const h = H.history(history);
        const row = h.states.of.flatMap((list) => Array.from(list)).find((i) => {
          const until = h.states.until[i];
          const event = h.eventAt(until);
          const then = h.stateAt(Math.max(0, event))[h.states.place[i]];
          return (then.bits & leads) === leads && then.until === until && until < h.end_ns &&
            h.t[event] < until - 1e4 && h.t[event + 1] > until + 1e4;
        });
        if (row !== undefined) {
          return { history, until: h.states.until[row] };
        }
      }
      return null;
    });
    assert.ok(found, "no lease runs out between two events");
    const crowns = [];
    for (const ns of [found.until - 5e3, found.until + 5e3]) {
      await page.evaluate(([history, at]) => window.H.set({ history, ns: at }), [found.history, ns]);
      await frames(page);
      crowns.push(await visible(page, "#playback .ring-crown"));
    }
    assert.equal(crowns[1], crowns[0] - 1);
  });

  check("a lock whose time is over goes on until it is seen to end", async (context) => {
    const page = await open(context, several);
    const { from, to, end } = await overdue(page);
    assert.equal(Math.round(from / 1e6), 1300);
    assert.equal(to, end);
    const lock = () => page.locator("#playback table tr", { hasText: "node 2" }).locator("td").last().textContent();
    const key = () => visible(page, "#playback .ring-key:not(.is-ghost):not(.is-free)");
    await page.evaluate(() => window.H.set({ ns: 1.2e9 }));
    await frames(page);
    assert.match(await lock(), /it has it until 1\.300/);
    for (const ns of [1.35e9, 1.5e9, 5.9e9]) {
      await page.evaluate((at) => window.H.set({ ns: at }), ns);
      await frames(page);
      assert.match(await lock(), /it has it; its time was over at 1\.300.149 s; nobody saw it end/);
      assert.equal(await key(), 1);
    }
    assert.deepEqual(page.said, []);
  });
}

function playback(check, several) {
  check("a moment is the same from whichever side one comes to it", async (context) => {
    const page = await open(context, several);
    assert.deepEqual(await statesAreTheSame(page), []);
    await toCheck(page, "two_leaders");
    assert.deepEqual(await stepsBack(page), []);
    assert.deepEqual(page.said, []);
  });

  check("two who lead wear two crowns; who only believes to have the lock has a broken key", async (context) => {
    const page = await open(context, several);
    await toCheck(page, "two_leaders");
    assert.equal(await visible(page, ".ring .ring-crown"), 2);
    assert.match(await page.locator(".playback-leaders").textContent(), /^2 believe that they lead/);
    await toCheck(page, "two_lock_holders");
    assert.equal(await visible(page, ".ring .ring-key.is-ghost"), 1);
    assert.equal(await page.locator("td.playback-wrong").count(), 1);
  });

  check("playback is worked by keys, and leaves the timeline its own", async (context) => {
    const page = await open(context, several);
    const event = () => page.evaluate(() => window.H.get().event);
    const playing = () => page.evaluate(() => window.H.get().playing);
    await page.evaluate(() => window.H.set({ event: 20, speed: 0.001 }));
    for (const place of [".playback-ring", "#tl-canvas"]) {
      await page.locator(place).focus();
      await page.keyboard.press("Space");
      assert.equal(await playing(), true, place);
      await page.keyboard.press("Space");
      assert.equal(await playing(), false, place);
    }
    await page.locator(".playback-ring").focus();
    await page.evaluate(() => window.H.set({ event: 20 }));
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    assert.equal(await event(), 22);
    await page.keyboard.press("ArrowLeft");
    assert.equal(await event(), 21);
    await page.evaluate(() => window.H.set({ event: 0 }));
    await page.keyboard.press("Shift+ArrowRight");
    const story = await page.evaluate(() => window.H.data.histories[window.H.get().history].story
      .map((line) => line.event).filter((one) => one > 0));
    if (story.length) {
      assert.equal(await event(), Math.min(...story));
    }
    assert.deepEqual(page.said, []);
  });

  check("no time goes by while the page stands still, and a dialog pauses", async (context) => {
    const page = await open(context, several);
    await page.evaluate(() => {
      document.querySelector(".playback-hurry input").checked = false;
      window.H.set({ ns: 0, speed: 1, playing: true });
    });
    await frames(page);
    const [before, after] = await page.evaluate(() => new Promise((done) => {
      const ns = window.H.get().ns;
      const until = performance.now() + 1500;
      while (performance.now() < until) { /* the page stands still */ }
      requestAnimationFrame(() => requestAnimationFrame(() => done([ns, window.H.get().ns])));
    }));
    assert.ok(after - before < 1e9, `${after - before} ns`);
    await page.evaluate(() => document.querySelector("dialog").showModal());
    await page.waitForFunction(() => !window.H.get().playing);
  });

  check("a hidden tab is not drawn, and is up to date when it is seen again", async (context) => {
    const page = await open(context, several);
    const hide = (hidden) => page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
    const count = page.locator(".playback-count");
    await page.evaluate(() => window.H.set({ event: 10 }));
    await hide(true);
    await page.evaluate(() => window.H.set({ event: 20 }));
    assert.match(await count.textContent(), /^Event 11 of/);
    await hide(false);
    assert.match(await count.textContent(), /^Event 21 of/);
  });

  check("with reduced motion only events are shown", async (context) => {
    const page = await open(context, several);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.reload();
    const strange = await page.evaluate(() => new Promise((done) => {
      const H = window.H;
      const h = H.history(H.get().history);
      const seen = [];
      H.listen((state, changed) => {
        if (changed.ns && state.ns !== h.t[state.event] && state.ns !== h.end_ns) {
          seen.push(state.ns);
        }
      });
      H.set({ event: 0, speed: 10, playing: true });
      setTimeout(() => done([seen, H.get().event]), 500);
    }));
    assert.deepEqual(strange[0], []);
    assert.ok(strange[1] > 0, "nothing was played");
  });
}

// The rows of a table in a section, as text.
const cells = (page, section) => page.locator(`${section} .charts-figures tbody tr`).evaluateAll((rows) =>
  rows.map((row) => [...row.cells].map((cell) => cell.textContent)));

function charts(check, several) {
  check("stages add up, and their bars are as long as that", async (context) => {
    const page = await open(context, several);
    const runs = await page.evaluate(() => window.H.data.runs.length);
    let told = 0;
    for (let run = 0; run < runs; run++) {
      await page.evaluate((which) => window.H.set({ run: which }), run);
      await frames(page);
      for (const row of await cells(page, "#stages")) {
        const [all, ...parts] = row.slice(1).reverse().map((text) => Math.round(Number(text) * 1e6));
        assert.equal(parts.reduce((a, b) => a + b, 0), all, row.join(" "));
        told += all > 0;
      }
      const total = await page.evaluate(() => Math.max(...window.H.history(window.H.get().history)
        .elections.map((one) => Object.values(one.stages).reduce((a, b) => a + (b || 0), 0))) / 1e6);
      const longest = (await cells(page, "#stages")).map((row) => Number(row[row.length - 1]));
      assert.equal(Math.max(...longest), Number(total.toFixed(3)));
    }
    assert.ok(told > runs, `${told} elections with stages`);
    await page.locator("#stages select").selectOption("all");
    assert.ok((await cells(page, "#stages")).length > 0);
    assert.deepEqual(page.said, []);
  });

  check("distributions say what the table says, of every run on one axis", async (context) => {
    const page = await open(context, several);
    const runs = await page.evaluate(() => window.H.data.runs.map((run) => {
      const at = (name) => run.elections.columns.indexOf(name);
      const values = run.elections.rows.map((row) => row[at("elect_ms")]).filter((ms) => ms !== null);
      return { values: values.sort((a, b) => a - b), never: run.elections.rows.filter((row) =>
        row[at("ended")] === "never").length };
    }));
    const rows = (await cells(page, "#distributions")).filter((row) => row[0].endsWith("all causes: published"));
    assert.equal(rows.length, runs.length);
    assert.equal(new Set(rows.map((row) => row[0])).size, runs.length, "two runs have one name");
    runs.forEach((run, i) => {
      const [, published, never, , median, , , longest] = rows[i].map((text) => text.replaceAll(",", ""));
      assert.equal(Number(published), run.values.length);
      assert.equal(Number(never), run.never);
      const place = Math.ceil((run.values.length + run.never) / 2);
      const same = (text, ms) => assert.ok(ms === undefined ? text === "never"
        : Math.abs(Number(text) - ms) <= 0.05 + 1e-9, `${text}, but ${ms}`);
      same(median, run.values[place - 1]);
      same(longest, run.never ? undefined : run.values[run.values.length - 1]);
    });
    const curves = await page.locator("#distributions figure").first().locator(".curve").count();
    assert.equal(curves, runs.filter((run) => run.values.length).length);
    await page.locator("#distributions .charts-bar input[type=checkbox]").check();
    await page.locator("#distributions select").selectOption({ index: 1 });
    await frames(page);
    assert.deepEqual(page.said, []);
  });

  check("each chart says in words what it is, and has its figures as a table", async (context) => {
    const page = await open(context, several, { width: 390 });
    for (const section of ["#stages", "#distributions"]) {
      const names = await page.locator(`${section} svg[role=img]`).evaluateAll((all) =>
        all.map((one) => one.getAttribute("aria-label")));
      assert.ok(names.length > 0 && names.every((name) => name && /table/.test(name)), section);
      assert.ok((await cells(page, section)).length > 0, section);
      const small = await page.locator(`${section} svg text`).evaluateAll((all) =>
        all.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 11).length);
      assert.equal(small, 0);
    }
  });
}

export function panels(check, several) {
  playback(check, several);
  locks(check, several);
  charts(check, several);
}

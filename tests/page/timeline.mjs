// Checks of the timeline: what pointer, fingers and keys do, that what is drawn can be found again
// where it is drawn, and that the causal order says what the data prove, and no more.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { frames, open } from "./browser.mjs";

const CANVAS = "#tl-canvas";
const seen = (page) => page.evaluate(() => window.H.timeline.seen());
const state = (page) => page.evaluate(() => window.H.get());
const length = ({ from, to }) => to - from;

// Shows the first trial in which a promise was broken.
async function toBroken(page) {
  const history = await page.evaluate(() => {
    const index = window.H.data.histories.findIndex((one) => one.violations.length > 1);
    window.H.set({ history: index, axis: "time" });
    return index;
  });
  assert.ok(history >= 0, "no history in the page has two violations");
  await page.locator(CANVAS).scrollIntoViewIfNeeded();
  await press(page, "f");
}

async function press(page, ...keys) {
  for (const key of keys) {
    await page.locator(CANVAS).focus();
    await page.keyboard.press(key);
    await frames(page);
  }
}

const box = (page) => page.locator(CANVAS).boundingBox();

function pointer(check, several) {
  check("the timeline: the wheel zooms about the pointer, a drag moves, the scale goes through time", async (context) => {
    const page = await open(context, several);
    await toBroken(page);
    const { x, y, width } = await box(page);
    const whole = await seen(page);
    await page.mouse.move(x + width / 2, y + 150);
    await page.waitForFunction(() => !window.H.timeline.pageScrolls());
    await page.mouse.wheel(0, -300);
    await frames(page);
    const near = await seen(page);
    assert.ok(length(near) < length(whole) / 1.5);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 - 100, y + 150, { steps: 4 });
    await page.mouse.up();
    await frames(page);
    const moved = await seen(page);
    assert.ok(moved.from > near.from && Math.abs(length(moved) / length(near) - 1) < 1e-6);
    await page.keyboard.down("Shift");
    await page.mouse.wheel(0, -100);
    await page.keyboard.up("Shift");
    await frames(page);
    assert.ok((await seen(page)).from < moved.from);
    const { ns } = await state(page);
    const before = await seen(page);
    await page.mouse.move(x + width / 2, y + 8);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 60, y + 8, { steps: 4 });
    await page.mouse.up();
    await frames(page);
    assert.notEqual((await state(page)).ns, ns);
    assert.equal((await seen(page)).from, before.from);
    assert.deepEqual(page.said, []);
  });

  check("the timeline: a flag that is clicked shows its violation; an event is found where it is drawn", async (context) => {
    const page = await open(context, several);
    await toBroken(page);
    const flags = (await seen(page)).flags.map((flag) => flag.violation.from);
    assert.ok(flags.length > 0);
    for (let i = 0; i < flags.length; i++) {
      await press(page, "f");
      const now = await seen(page);
      const place = await box(page);
      await page.mouse.click(place.x + now.flags[i].x0 + 2, place.y + now.flags[i].y0 + 9);
      await frames(page);
      const { from, to } = await seen(page);
      assert.equal((await state(page)).ns, now.flags[i].violation.from);
      assert.ok(from < now.flags[i].violation.from && now.flags[i].violation.to < to);
    }
    const n = await page.evaluate(() => window.H.history(window.H.get().history).n);
    let clicked = 0;
    for (const event of [0.1, 0.2, 0.35, 0.5, 0.7, 0.9].map((share) => Math.floor(share * n))) {
      await page.evaluate((one) => window.H.set({ event: one }), event);
      await press(page, "Enter");
      const other = await page.evaluate((one) => {
        const h = window.H.history(window.H.get().history);
        const lane = window.H.get().lane;
        const next = h.next(lane, one) < 0 ? h.prev(lane, one) : h.next(lane, one);
        return { next, ...window.H.timeline.where(next), ns: h.t[next] };
      }, event);
      const place = await box(page);
      if (other.x < 0 || other.x > place.width) {
        continue; // nothing of its lane is near
      }
      await page.mouse.click(place.x + other.x, place.y + other.y);
      assert.equal((await state(page)).ns, other.ns, `${other.next} beside ${event}`);
      clicked++;
    }
    assert.ok(clicked > 1, `${clicked} clicked`);
    assert.deepEqual(page.said, []);
  });
}

function links(check, several) {
  check("the timeline: a violation of the table is in the middle, with an event of its own", async (context) => {
    const page = await open(context, several);
    await toBroken(page);
    await page.locator("#violations tbody tr button.link").first().click();
    await frames(page);
    const { from, to } = await seen(page);
    const { event, ns } = await state(page);
    const violation = await page.evaluate((at) => window.H.history(window.H.get().history).violations
      .find((one) => Math.abs(one.from - at) < 1000), ns);
    assert.ok(violation, `none begins at ${ns}`);
    assert.ok(Math.abs(violation.from + violation.to - from - to) < (to - from) / 10);
    assert.ok(to - from < 10 * Math.max(1e6, violation.to - violation.from));
    assert.ok(violation.events.includes(event), `${event} of ${violation.events}`);
    assert.deepEqual(page.said, []);
  });
}

function fingers(check, several) {
  check("the timeline: two fingers zoom, one moves, and up and down it scrolls the page", async (context) => {
    const page = await open(context, several, { width: 390, height: 844 });
    const client = await context.newCDPSession(page);
    await client.send("Emulation.setTouchEmulationEnabled", { enabled: true, maxTouchPoints: 2 });
    await page.reload();
    await toBroken(page);
    const touch = (type, points) => client.send("Input.dispatchTouchEvent", {
      type, touchPoints: points.map(([x, y], id) => ({ x, y, id })),
    });
    const { x, y, width, height } = await box(page);
    const [cx, cy] = [x + width / 2, Math.min(y + height / 2, 600)];
    const go = async (places) => {
      await touch("touchStart", places(0));
      for (let i = 1; i <= 8; i++) {
        await touch("touchMove", places(i));
        await frames(page);
      }
      await touch("touchEnd", []);
      await frames(page);
    };
    const whole = await seen(page);
    await go((i) => [[cx - 30 - 10 * i, cy], [cx + 30 + 10 * i, cy]]);
    const near = await seen(page);
    assert.ok(length(near) < length(whole) / 1.5, `${length(near)} of ${length(whole)}`);
    await go((i) => [[cx - 10 * i, cy]]);
    const moved = await seen(page);
    assert.ok(moved.from > near.from);
    const scroll = () => page.evaluate(() => window.scrollY);
    const top = await scroll();
    await go((i) => [[cx, cy - 12 * i]]);
    await page.waitForFunction((from) => window.scrollY > from, top, { timeout: 3000 });
    assert.equal((await seen(page)).from, moved.from);
    assert.deepEqual(page.said, []);
  });
}

function nothing(check, several) {
  check("the timeline: of a run without histories it says so, and takes no keys", async (context) => {
    const page = await open(context, several);
    await toBroken(page);
    const { history } = await state(page);
    await page.evaluate(() => {
      window.H.set({ history: -1 });
      for (const key of [".", ",", "v", "r", "w", "f", "c", "n", "ArrowDown", "Home", "Enter"]) {
        document.querySelector("#tl-canvas").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      }
    });
    await frames(page);
    assert.match(await page.locator(".tl-now").innerText(), /^No history of this run/);
    assert.equal(await page.locator("#timeline button:visible").count(), 0);
    await page.evaluate((index) => window.H.set({ history: index }), history);
    await frames(page);
    assert.ok(await page.locator(CANVAS).isVisible());
    assert.deepEqual(page.said, []);
  });
}

function words(check, several) {
  check("the timeline: the list has few rows in the page, and knows how many there are", async (context) => {
    const page = await open(context, several);
    await toBroken(page);
    const n = await page.evaluate(() => window.H.history(window.H.get().history).n);
    const list = page.locator(".tl-list");
    await list.focus();
    await page.keyboard.press("End");
    await frames(page);
    assert.equal((await state(page)).event, n - 1);
    await page.keyboard.press("PageUp");
    await page.keyboard.press("ArrowDown");
    await frames(page);
    const { event } = await state(page);
    const option = page.locator(`#tl-event-${event}`);
    assert.equal(await list.getAttribute("aria-activedescendant"), `tl-event-${event}`);
    assert.equal(await option.getAttribute("aria-setsize"), String(n));
    assert.equal(await option.getAttribute("aria-posinset"), String(event + 1));
    assert.equal(await option.getAttribute("aria-selected"), "true");
    assert.ok(await page.locator(".tl-option").count() < 60);
    const [said, sentence] = await page.evaluate((one) =>
      [document.getElementById("tl-live").textContent, window.H.history(window.H.get().history).words(one)], event);
    assert.ok(said.includes(sentence), `${said} has no ${sentence}`);
  });

  check("the timeline: in print it is whole, and afterwards as it was", async (context) => {
    const page = await open(context, several);
    await toBroken(page);
    const size = () => page.locator(CANVAS).evaluate((one) =>
      [one.width, one.clientWidth, one.height / one.width, one.clientHeight / one.clientWidth]);
    const before = await size();
    await page.emulateMedia({ media: "print" });
    await frames(page);
    const paper = await size();
    assert.ok(paper[0] >= 2000, `${paper}`);
    assert.ok(Math.abs(paper[2] - paper[3]) < 0.01, `out of shape: ${paper}`);
    await page.emulateMedia({ media: "screen" });
    await frames(page);
    assert.deepEqual(await size(), before);
  });
}

// The vector clocks that `hustings export --to shiviz` gives the events of a history: Map by the
// event's number among those of its process, as "node-1 7".
function clocksOf(file) {
  const clocks = new Map();
  for (const line of fs.readFileSync(file, "utf8").split("\n").slice(2)) {
    const found = /^(\S+) (\{[^}]*\}) /.exec(line);
    if (found) {
      const clock = JSON.parse(found[2]);
      clocks.set(`${found[1]} ${clock[found[1]]}`, clock);
    }
  }
  return clocks;
}

// Of a history in the page, the names of its events as in clocksOf(); "": of the harness.
const namesOf = (page, index) => page.evaluate((which) => {
  const h = window.H.history(which);
  const more = h.kinds.indexOf("more");
  const counts = h.members.map(() => 0);
  return Array.from({ length: h.n }, (_, i) => {
    const member = h.members[h.who[i]];
    return member && h.kind[i] !== more
      ? `${member.id === 0 ? "master" : `node-${member.id}`} ${++counts[h.who[i]]}` : "";
  });
}, index);

// Compares what the page says came before some events with their vector clocks.
async function differsFromExport(page, index, file) {
  const clocks = clocksOf(file);
  const names = await namesOf(page, index);
  assert.deepEqual(names.filter((name) => name && !clocks.has(name)), [], "other events than the export's");
  const wrong = [];
  let ordered = 0;
  for (const event of names.map((name, i) => i).filter((i) => names[i] && i % 7 === 0)) {
    const cone = await page.evaluate(([which, at]) => {
      const { H } = window;
      const h = H.history(which);
      return Array.from(H.timeline.cone(h, (window.orderOf ||= new Map()).get(which) ||
        window.orderOf.set(which, H.timeline.order(h)).get(which), at));
    }, [index, event]);
    const own = clocks.get(names[event]);
    names.forEach((name, i) => {
      if (name && i !== event) {
        const [who, nth] = name.split(" ");
        const before = (own[who] || 0) >= Number(nth);
        const [me, mine] = names[event].split(" ");
        const after = (clocks.get(name)[me] || 0) >= Number(mine);
        ordered += before;
        if (cone[i] !== (before ? 1 : after ? 2 : 0)) {
          wrong.push(`${i} (${name}) and ${event} (${names[event]}): ${cone[i]}, by the export ${before} ${after}`);
        }
      }
    });
  }
  return [wrong.slice(0, 5), wrong.length, ordered];
}

// Goes through each history: columns ascend along what is proven, and the cone of some events is
// what a search from each of them finds. Gives back what is wrong.
const wrongOrder = (page) => page.evaluate(() => {
  const { H } = window;
  const wrong = [];
  let arrows = 0;
  for (let index = 0; index < H.data.histories.length; index += 3) {
    const h = H.history(index);
    const order = H.timeline.order(h);
    const earlier = Array.from({ length: h.n }, () => []);
    const last = new Map();
    for (let i = 0; i < h.n; i++) {
      const lane = h.who[i] >= 0 ? h.who[i] : h.server[i] >= 0 ? -2 - h.server[i] : -1;
      if (last.has(lane)) {
        earlier[i].push(last.get(lane));
      }
      last.set(lane, i);
    }
    /* A reply, and each one that had come from the same server before its request went out. */
    const replies = Array.from({ length: h.n }, (_, i) => i).filter((i) =>
      h.kindName(i) === "reply" && h.pair[i] >= 0 && h.server[i] >= 0 && !h.unheard.includes(i));
    replies.forEach((reply) => replies.filter((other) => h.server[other] === h.server[reply] &&
      other < h.pair[reply]).forEach((other) => earlier[reply].push(h.pair[other])));
    h.reads.forEach(([reply, request]) => {
      earlier[reply].push(request);
      arrows++;
      if (h.who[reply] === h.who[request] || h.kindName(reply) !== "reply" || h.kindName(request) !== "request" ||
          request > reply) {
        wrong.push(`${index}: ${request} -> ${reply}`);
      }
    });
    for (let i = 0; i < h.n; i++) {
      if (earlier[i].some((one) => order.columns[one] >= order.columns[i])) {
        wrong.push(`${index}: column of ${i}`);
      }
    }
    for (const event of [0.2, 0.5, 0.8].map((share) => Math.floor(share * h.n))) {
      const before = new Set();
      const open = [event];
      while (open.length) {
        earlier[open.pop()].filter((one) => !before.has(one)).forEach((one) => {
          before.add(one);
          open.push(one);
        });
      }
      const cone = H.timeline.cone(h, order, event);
      for (let i = 0; i < h.n; i++) {
        if ((cone[i] === H.timeline.BEFORE) !== before.has(i)) {
          wrong.push(`${index}: is ${i} before ${event}?`);
        }
      }
      const after = cone.findIndex((one) => one === H.timeline.AFTER);
      if (after >= 0 && H.timeline.cone(h, order, after)[event] !== H.timeline.BEFORE) {
        wrong.push(`${index}: is ${after} after ${event}?`);
      }
    }
  }
  return [wrong.slice(0, 5), arrows];
});

// Puts window.barsOf(view, model, row) into the page: [from, to] in px of each leader's bar of a member's
// row, drawn onto a canvas that only writes down what is asked of it.
const makeBarsOf = (page) => page.evaluate(() => {
  const look = window.H.timeline.readLook(document.body, 1);
  window.barsOf = function (view, model, row) {
    const bars = [];
    const own = { measureText: () => ({ width: 9 }) };
    const c = new Proxy(own, {
      get: (target, name) => name in target ? target[name] : (left, top, width) => {
        if (name === "fillRect" && own.fillStyle === look.leads) {
          bars.push([left, left + width]);
        }
      },
      set: (target, name, value) => ((target[name] = value), true),
    });
    window.H.timeline.paintMember({ c, look, view, model, y: 0 }, row);
    return bars;
  };
});

// Of a member that leads from 10 to 10.02, and from 50 on: until 60 by its own clock, though it says
// nothing new before 80. 10 px a unit of time.
const barsOfOne = (page) => page.evaluate(() => {
  const up = 7;
  const states = {
    of: [[0, 1, 2, 3, 4]], event: [0, 1, 2, 3, 4], bits: [up, up | 16, up, up | 16, up],
    follows: [-1, -1, -1, -1, -1], term: [0, 0, 0, 0, 0], until: [Infinity, Infinity, Infinity, 60, Infinity],
  };
  const x = (at) => at * 10;
  const axis = { name: "time", positions: [0, 10, 10.02, 50, 80], end: 100, of: (ns) => ns };
  const view = { gutter: 0, width: 1000, from: 0, axis, x, timeX: x };
  return window.barsOf(view, { h: { states } }, { place: 0, body: 0, words: true, height: 54 });
});

// Compares where the bars of each history are, 1000 px for all of its time, with when somebody led by
// the data. Gives back what is wrong.
const wrongBars = (page) => page.evaluate(() => {
  const { H } = window;
  const T = H.timeline;
  const WIDTH = 1000;
  const wrong = [];
  H.data.histories.forEach((raw, index) => {
    const h = H.history(index);
    const axis = T.axis(h, T.order(h), "time");
    const x = (ns) => ((ns - axis.low) / (axis.high - axis.low)) * WIDTH;
    const view = { gutter: 0, width: WIDTH, from: axis.low, axis, x, timeX: x };
    const model = T.model(h);
    T.layout(model, false);
    h.members.forEach((member, place) => {
      const bars = window.barsOf(view, model, model.rowOf(place));
      const rows = raw.states.filter((row) => row[1] === place);
      const led = rows.map((row, i) => [row, i + 1 < rows.length ? h.t[rows[i + 1][0]] : h.end_ns])
        .filter(([row]) => (row[2] & H.bits.leads) && (row[2] & H.bits.alive))
        .map(([row, end]) => [x(h.t[row[0]]), x(Math.min(end, row[5] === null ? Infinity : row[5]))])
        .filter(([from, to]) => to >= from);
      led.filter(([from, to]) => to > from && !bars.some((bar) => bar[0] <= from + 2 && bar[1] >= Math.min(to, from + 2) - 2))
        .forEach(([from]) => wrong.push(`${index}: ${member.name} led at ${from} px, not drawn`));
      bars.filter((bar) => !led.some(([from, to]) => from < bar[0] + 2 && to > bar[0] - 2))
        .forEach((bar) => wrong.push(`${index}: ${member.name} did not lead at ${bar[0]} px`));
    });
  });
  return wrong.slice(0, 5);
});

export function timeline(check, several) {
  check("the timeline: a leader's bar is where somebody led, however short, and nowhere else", async (context) => {
    const page = await open(context, several);
    await makeBarsOf(page);
    assert.deepEqual((await barsOfOne(page)).sort(([one], [other]) => one - other), [[100, 101], [500, 600]]);
    assert.deepEqual(await wrongBars(page), []);
    const heights = await page.evaluate(() => {
      const out = [];
      const strip = window.H.timeline.strip({ fillRect: (...rect) => out.push(rect) }, "red", 10, (own) => 20 - own);
      [[0, 1], [1, 1], [2, 0.5], [3, 0.01], [7, 0.01]].forEach(([pixel, share]) => strip.put(pixel, share));
      strip.flush();
      return out;
    });
    assert.deepEqual(heights, [[0, 10, 2, 10], [2, 15, 1, 5], [3, 17, 1, 3], [7, 17, 1, 3]]);
  });

  pointer(check, several);
  links(check, several);
  fingers(check, several);
  nothing(check, several);
  words(check, several);
  check("the timeline: the causal order is what the data prove, and no more", async (context) => {
    const page = await open(context, several);
    const [wrong, arrows] = await wrongOrder(page);
    assert.deepEqual(wrong, []);
    assert.ok(arrows > 20, `${arrows} arrows`);
    const exported = fs.readdirSync(path.dirname(several)).filter((name) => /^shiviz-[0-9]+$/.test(name));
    assert.ok(exported.length >= 3, `${exported}`);
    for (const name of exported) {
      const [differs, count, ordered] = await differsFromExport(page, Number(name.slice(7)),
        path.join(path.dirname(several), name));
      assert.deepEqual(differs, [], `${count} of history ${name}`);
      assert.ok(ordered > 1000, `${ordered} in order`);
    }
    await toBroken(page);
    await press(page, "c");
    assert.equal((await seen(page)).axis, "cause");
    assert.equal(await page.getByRole("button", { name: "Causal order" }).getAttribute("aria-pressed"), "true");
    assert.match(await page.locator(".tl-note").textContent(), /surely came before/);
    assert.deepEqual(page.said, []);
  });
}

// The README's picture: the page of a real run, at the moment when two lead.
//
//     node picture.mjs FOLDER FILE
//
// FOLDER has picture.html. The file is a PNG of at most 150 kB.
import fs from "node:fs";
import path from "node:path";
import { frames, open, withBrowser } from "./browser.mjs";

const [folder, file] = process.argv.slice(2);
const MOST = 150000;
const EDGE = 12; // px that are left beside it

await withBrowser({}, async (context) => {
  const page = await open(context, path.join(folder, "picture.html"), { width: 1000, height: 1500 });
  await page.evaluate(() => {
    document.getElementById("shown").remove();
    const history = window.H.data.histories[window.H.get().history];
    const two = history.violations.find((one) => one.check === "two_leaders");
    window.H.set({ ns: (two.from + two.to) / 2 });
  });
  await frames(page);
  const parts = await page.evaluate(() => ["playback-section", "timeline-section"].map((id) => {
    const { x, y, width, height } = document.getElementById(id).getBoundingClientRect();
    return { x, y: y + window.scrollY, width, height };
  }));
  const top = Math.min(...parts.map(({ y }) => y));
  const canvas = await page.locator("#timeline canvas").first().boundingBox();
  const bottom = canvas.y + (await page.evaluate(() => window.scrollY)) + canvas.height;
  await page.screenshot({
    path: file, fullPage: true, animations: "disabled",
    clip: { x: parts[0].x - EDGE, y: top, width: parts[0].width + 2 * EDGE, height: bottom - top + 8 },
  });
});
const { size } = fs.statSync(file);
console.log(`${file}: ${size} bytes`);
process.exitCode = size <= MOST ? 0 : 1;

// Debian's Chromium, driven by playwright-core, with pages that are opened from the disk. What a page
// says on its console, throws or asks a network for is collected.
import { createRequire } from "node:module";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(path.join(process.env.NODE_PATH, "x"));
const { chromium } = require("playwright-core");
export const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const PROGRAM = process.env.HUSTINGS_CHROMIUM || "/usr/bin/chromium";
const ARGUMENTS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
];

// Calls use(context) with a browser of its own, whose folder is removed afterwards.
export async function withBrowser(options, use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "hustings-chromium-"));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: PROGRAM, headless: true, args: ARGUMENTS, ...options,
  });
  try {
    return await use(context);
  } finally {
    await context.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

// A page that shows the file; page.said is what it said, threw and asked for, which should be nothing.
export async function open(context, file, { width = 1280, height = 900, scheme = "light" } = {}) {
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  page.said = [];
  page.on("console", (message) => page.said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => page.said.push(`thrown: ${error.stack}`));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) {
      page.said.push(`asked for ${request.url()}`);
    }
  });
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme });
  await page.goto(url, { waitUntil: "load" });
  await frames(page);
  return page;
}

// Waits until what was changed has been drawn.
export async function frames(page) {
  await page.evaluate(() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(done))));
}

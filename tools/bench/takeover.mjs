// How long the client keeps a phone busy when it takes over a page: node takeover.mjs RUNS ADDRESS…
// The processor is slowed down four times; a reader touches a key as soon as it is loaded. Prints a line for each
// address: the longest task, and all long tasks together (medians, in milliseconds).
import { launch } from "chrome-launcher";
import puppeteer from "puppeteer-core";

const [runs, ...addresses] = process.argv.slice(2);
const middle = (values) => values.sort((one, other) => one - other)[Math.floor((values.length - 1) / 2)];
const root = process.getuid() === 0 ? ["--no-sandbox"] : [];
const chrome = await launch({ chromeFlags: ["--headless=new", "--disable-dev-shm-usage", ...root], logLevel: "silent" });
const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}` });

for (const address of addresses) {
  const [longest, together] = [[], []];
  for (let run = 0; run < Number(runs); run += 1) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    await page.setViewport({ width: 360, height: 800, isMobile: true, hasTouch: true });
    await page.emulateCPUThrottling(4);
    await page.evaluateOnNewDocument(() => {
      globalThis.tasks = [];
      new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map((task) => task.duration))).observe({ type: "longtask", buffered: true });
    });
    await page.goto(address, { waitUntil: "load" });
    await page.evaluate(() => (globalThis.tasks.length = 0));
    await page.keyboard.press("Shift");
    await page.waitForSelector("html[data-client=ready]", { timeout: 60_000 });
    // What the observer is told late.
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    const tasks = await page.evaluate(() => globalThis.tasks);
    longest.push(Math.max(0, ...tasks));
    together.push(tasks.reduce((sum, task) => sum + task, 0));
    await context.close();
  }
  console.log(Math.round(middle(longest)), Math.round(middle(together)));
}
await browser.disconnect();
await chrome.kill();

// Runs Lighthouse for phones: node lighthouse.mjs RUNS AUDITS ADDRESS…
// Prints a line for each address: the four scores, LCP, TBT, CLS, bytes; writes the audits that
// are not perfect and count to AUDITS, and shows the others on standard error.
import { writeFileSync } from "node:fs";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [runs, auditsFile, ...addresses] = process.argv.slice(2);
const middle = (values) => values.sort((one, other) => one - other)[Math.floor((values.length - 1) / 2)];
const root = process.getuid() === 0 ? ["--no-sandbox"] : [];
const chrome = await launch({ chromeFlags: ["--headless=new", "--disable-dev-shm-usage", ...root], logLevel: "silent" });
const found = [];

/** What an audit names, short enough for a list. */
function details(audit) {
  const items = audit.details?.items ?? [];
  const shown = items.slice(0, 3).map((item) => item.node?.snippet ?? item.url ?? JSON.stringify(item));
  return [audit.displayValue, ...shown].filter(Boolean).join("; ").replace(/\s+/g, " ").replaceAll("|", "/").slice(0, 400);
}

/** Lighthouse asks to be run again where a trace could not be recorded; more than twice is a fault of ours. */
async function measure(address, triesLeft = 2) {
  console.error(`lighthouse ${address}`);
  const { lhr } = await lighthouse(address, { port: chrome.port, output: "json", logLevel: "error" });
  if (!lhr.runtimeError) return lhr;
  if (triesLeft === 0) throw new Error(lhr.runtimeError.message);
  console.error(lhr.runtimeError.message);
  return measure(address, triesLeft - 1);
}

for (const address of addresses) {
  const results = [];
  for (let run = 0; run < Number(runs); run += 1) {
    results.push(await measure(address));
  }
  const score = (name) => middle(results.map((lhr) => Math.round(lhr.categories[name].score * 100)));
  const value = (name, digits = 0) => middle(results.map((lhr) => Number(lhr.audits[name].numericValue.toFixed(digits))));
  console.log(
    score("performance"), score("accessibility"), score("best-practices"), score("seo"),
    value("largest-contentful-paint"), value("total-blocking-time"), value("cumulative-layout-shift", 3), value("total-byte-weight"),
  );
  const last = results.at(-1);
  for (const category of Object.values(last.categories)) {
    for (const { id, weight } of category.auditRefs) {
      const audit = last.audits[id];
      if (audit.score !== null && audit.score < 1) {
        const { origin, pathname } = new URL(address);
        const line = `- ${pathname}: \`${id}\` (${category.id}, weight ${weight}, score ${audit.score}): ${details(audit) || audit.title}`.replaceAll(origin, "");
        if (weight > 0) found.push(line);
        else console.error(line);
      }
    }
  }
}
writeFileSync(auditsFile, found.map((line) => `${line}\n`).join(""));
await chrome.kill();

// The budget of a citizen's phone, in brotli: what every reader's browser fetches besides the page, and the chunk that
// makes pages, which it fetches with the first link that is followed. Two per cent above what was reached: who needs more
// looks first at what it is spent on (make size), and lowers a number when something has become smaller.
//   node tools/budget.mjs dist/site          every file, and an error where one is too large
//   node tools/budget.mjs dist/site quiet    only what is too large
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const [site, quiet] = process.argv.slice(2);
const folder = join(site, 'pkg', readFileSync(join(site, 'current'), 'utf8').trim());
const size = (name) => statSync(join(folder, `${name}.br`)).size;
const budgets = {
  'thidua.wasm': 128_000,
  'split_pages.wasm': 14_300,
  'thidua.js': 4_400,
  'loader.js': 2_200,
  'discussion.js': 6_400,
  'proof-worker.js': 900,
  'thidua.css': 5_300,
  'discussion.css': 1_400,
  'results.css': 2_700,
};

for (const name of quiet ? [] : readdirSync(folder).filter((name) => !/\.(br|gz)$/.test(name))) {
  const budget = budgets[name];
  console.log(`${name}: ${statSync(join(folder, name)).size} bytes, ${size(name)} in brotli${budget ? ` of at most ${budget}` : ''}`);
}
const over = Object.entries(budgets).filter(([name, budget]) => size(name) > budget);
if (over.length > 0) {
  console.error(`over the budget: ${over.map(([name]) => name).join(', ')}`);
  process.exit(1);
}

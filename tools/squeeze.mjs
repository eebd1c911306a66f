// Makes the client smaller for brotli, and leaves what it does as it is: what it imports from its script gets short
// names (4 KB less in both files), and each of its functions stands beside the one that it has most in common with, so
// that what repeats is near (8 KB less).
//   node tools/squeeze.mjs <folder with thidua.wasm and thidua.js>
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { counted, module, number, read, section } from './wasm.mjs';

const [folder] = process.argv.slice(2);
const [file, script] = [join(folder, 'thidua.wasm'), join(folder, 'thidua.js')];
const { sections, imports, imported, bodies } = read(readFileSync(file));

// ---- names ----------------------------------------------------------------------------------------------------------

const short = new Map();
const renamed = imports.map(({ from, name, what }) => {
  if (from === './thidua_bg.js') short.set(name, `_${short.size.toString(36)}`);
  return Buffer.concat([counted(Buffer.from(from)), counted(Buffer.from(short.get(name) ?? name)), what]);
});
let found = 0;
const source = readFileSync(script, 'utf8').replace(/\b__wb\w+/g, (name) => {
  if (short.has(name)) found += 1;
  return short.get(name) ?? name;
});
if (found !== short.size) throw new Error(`${script} does not name each of the ${short.size} imports once`);
writeFileSync(script, source);

// ---- order ----------------------------------------------------------------------------------------------------------

// What a function has in common with another: four bytes in a row, all the more the fewer functions have them.
const pieces = bodies.map((body) => {
  const found = new Set();
  for (let at = 0; at + 4 <= body.length; at++) found.add(body.readUInt32LE(at));
  return found;
});
const holders = new Map();
pieces.forEach((found, index) => {
  for (const piece of found) holders.has(piece) ? holders.get(piece).push(index) : holders.set(piece, [index]);
});

const left = new Set(bodies.keys());
const order = [];
let current = bodies.reduce((longest, body, index) => (body.length > bodies[longest].length ? index : longest), 0);
while (left.delete(current) && order.push(current) < bodies.length) {
  const common = new Float64Array(bodies.length);
  for (const piece of pieces[current]) {
    const those = holders.get(piece);
    // What nearly half of them have says nothing.
    if (those.length < 1500) for (const index of those) common[index] += 1 / Math.log2(2 + those.length);
  }
  const share = (index) => common[index] / (1 + pieces[index].size);
  current = undefined;
  for (const index of left) if (current === undefined || share(index) > share(current)) current = index;
}

// wasm-opt can sort functions by their names: they get their places as names, which it then leaves out.
const places = order.map((index, place) => ({ index, name: counted(Buffer.from(String(place).padStart(6, '0'))) }));
places.sort((one, other) => one.index - other.index);
const names = section(1, number(places.length), ...places.map(({ index, name }) => Buffer.concat([number(imported + index), name])));
const kept = sections.filter(({ kind }) => kind !== 'name').map(({ kind, bytes }) => {
  return kind === 2 ? section(2, number(renamed.length), ...renamed) : bytes;
});
writeFileSync(file, module(...kept, section(0, counted(Buffer.from('name')), names)));
execFileSync('wasm-opt', ['--reorder-functions-by-name', file, '-o', file], { stdio: 'inherit' });

// What a module is made of: the bytes of program by crate, and of everything that is no program. Generic code counts for
// the crate that it is written in.
//   node tools/size.mjs <module with names> [the largest functions to show]
import { readFileSync } from 'node:fs';
import { read } from './wasm.mjs';

const [file, shown = 0] = process.argv.slice(2);
const { sections, imported, bodies, names } = read(readFileSync(file));

// `<alloc::vec::Vec<T> as …>`, `core::fmt::…`; of an implementation for every type, `<T as tachys::…>`, the trait counts.
const crateOf = (name) => (/(?:^|\bas )[<&*([ ]*(?:(?:mut|dyn|impl) )*([a-z_]\w*)(?:\[\w+\])?::/.exec(name)?.[1]) ?? 'other';
const functions = bodies.map((body, index) => ({ name: names.get(index) ?? '', size: body.length }));
const crates = new Map();
for (const { name, size } of functions) {
  const crate = crates.get(crateOf(name)) ?? { size: 0, functions: 0 };
  crates.set(crateOf(name), { size: crate.size + size, functions: crate.functions + 1 });
}
const row = (size, count, what) => console.log(`${String(size).padStart(9)} ${String(count).padStart(9)}  ${what}`);
row('bytes', 'functions', 'crate');
for (const [name, { size, functions }] of [...crates].sort(([, one], [, other]) => other.size - one.size)) row(size, functions, name);
console.log();
const kinds = { 1: 'types', 2: 'imports', 3: 'types of functions', 7: 'exports', 9: 'functions that are called by their place in a table', 10: 'all functions', 11: 'data' };
for (const { kind, bytes } of sections) if (kinds[kind]) row(bytes.length, '', kinds[kind]);
if (shown > 0) console.log();
for (const { name, size } of functions.sort((one, other) => other.size - one.size).slice(0, shown)) row(size, '', name);

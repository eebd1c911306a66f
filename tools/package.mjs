// Puts the built client, the style sheet and the script together in one folder that is named by the hash of all their
// bytes, each file beside its brotli and gzip form, and keeps the folder of the build before for pages that are still
// open somewhere.   node tools/package.mjs <what cargo-leptos built> <the site to serve> <the editor's npm packages> <the check of figures>
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [built, site, editorModules, check] = process.argv.slice(2);
const browsers = 'chrome111,firefox113,safari16.2';
const bundle = (source, ...options) => {
  const folder = mkdtempSync(join(tmpdir(), 'thidua-'));
  const target = join(folder, basename(source));
  const environment = { ...process.env, NODE_PATH: editorModules };
  execFileSync('esbuild', [source, '--bundle', '--minify', `--target=${browsers}`, `--outfile=${target}`, '--log-level=warning', ...options], { stdio: 'inherit', env: environment });
  const bytes = readFileSync(target);
  rmSync(folder, { recursive: true });
  return bytes;
};

const files = new Map([['thidua.css', bundle('style/main.css')], ['loader.js', bundle('client/loader.js', '--format=esm', '--external:./discussion.js')]]);
// What a discussion does with a script: fetched by whoever touches such a page.
files.set('discussion.js', bundle('client/discussion/index.js', '--format=esm'));
files.set('discussion.css', bundle('style/discussion.css'));
files.set('proof-worker.js', bundle('client/discussion/proof-worker.js', '--format=esm'));
// Charts and results have a style sheet of their own: whoever reads the news does not fetch it.
files.set('results.css', bundle('style/results.css'));
// The desk's files stand beside the citizens' and are named by its pages only; the editor and the check of figures are
// fetched by the desk's script, where a page has use for them.
files.set('desk.css', bundle('style/desk.css'));
files.set('desk.js', bundle('client/desk.js', '--format=esm', '--external:./editor.js', '--external:./check.js'));
files.set('editor.js', bundle('client/editor/index.js', '--format=esm'));
files.set('check.js', bundle(join(check, 'check.js'), '--format=esm'));
files.set('check_bg.wasm', readFileSync(join(check, 'check_bg.wasm')));
for (const name of readdirSync(built).sort()) {
  if (/\.(js|wasm)$/.test(name)) files.set(name, readFileSync(join(built, name)));
}
if (!files.has('thidua.wasm')) throw new Error(`${built} holds no client`);

const hash = createHash('sha256');
for (const [name, bytes] of files) hash.update(`${name}\0${bytes.length}\0`).update(bytes);
const version = hash.digest('hex').slice(0, 16);

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
const folder = join(site, 'pkg', version);
if (!existsSync(folder)) {
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  for (const [name, bytes] of files) {
    writeFileSync(join(unfinished, name), bytes);
    writeFileSync(join(unfinished, `${name}.br`), brotli(bytes));
    writeFileSync(join(unfinished, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  }
  renameSync(unfinished, folder);
}

const mark = join(site, 'current');
const before = existsSync(mark) ? readFileSync(mark, 'utf8').trim() : version;
if (before !== version) writeFileSync(join(site, 'previous'), before);
const previous = existsSync(join(site, 'previous')) ? readFileSync(join(site, 'previous'), 'utf8').trim() : version;
writeFileSync(`${mark}.new`, version);
renameSync(`${mark}.new`, mark);
for (const name of readdirSync(join(site, 'pkg'))) {
  if (name !== version && name !== previous) rmSync(join(site, 'pkg', name), { recursive: true });
}
const size = (name) => `${name} ${(readFileSync(join(folder, `${name}.br`)).length / 1000).toFixed(1)} KB`;
console.log(`client ${version}, in brotli: ${[...files.keys()].map(size).join(', ')}`);

// The proof of work: the hashes that the server's side is tested with too, and the system's own SHA-256 as a witness.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { solve } from '../proof.js';

const cases = JSON.parse(await readFile(new URL('proof-cases.json', import.meta.url), 'utf8'));

const hash = (challenge, nonce) => createHash('sha256').update(`${challenge}:${nonce}`).digest();
const zerosOf = (digest) => [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('').indexOf('1');

test('proof: the fixed cases are what they say', () => {
  for (const { challenge, nonce, hash: said, zeros } of cases) {
    assert.equal(hash(challenge, nonce).toString('hex'), said);
    assert.equal(zerosOf(hash(challenge, nonce)), zeros);
  }
});

test('proof: the first nonce of ten digits is found', () => {
  for (const { challenge, nonce, zeros } of cases) {
    if (nonce.length !== 10 || zeros > 18) continue;
    const found = solve(challenge, zeros);
    assert.ok(Number(found) <= Number(nonce), challenge);
    assert.ok(zerosOf(hash(challenge, found)) >= zeros, challenge);
  }
});

test('proof: challenges of every length, with the first number that solves them', () => {
  for (let length = 1; length <= 200; length++) {
    const challenge = randomBytes(length).toString('base64url').slice(0, length);
    const bits = length % 8;
    let first = 0;
    while (zerosOf(hash(challenge, String(first).padStart(10, '0'))) < bits) first++;
    assert.equal(solve(challenge, bits), String(first).padStart(10, '0'), challenge);
  }
});

test('proof: the worker answers with a nonce', async () => {
  globalThis.onmessage = null;
  const answer = new Promise((done) => (globalThis.postMessage = done));
  await import('../proof-worker.js');
  globalThis.onmessage({ data: { challenge: 'thong-bao', bits: 10 } });
  assert.ok(zerosOf(hash('thong-bao', await answer)) >= 10);
});

// What is found of personal data: the cases that the server's side is tested with too, and that nothing takes long.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { findPersonal } from '../guard.js';

const cases = JSON.parse(await readFile(new URL('guard-cases.json', import.meta.url), 'utf8'));

for (const { text, found } of cases) {
  test(`guard: ${text || 'nothing at all'}`, () => {
    assert.deepEqual(findPersonal(text).map(({ kind, from, to }) => ({ kind, text: text.slice(from, to) })), found);
  });
}

test('guard: signs beyond the first plane and halves of them do not shift a place', () => {
  assert.deepEqual(findPersonal('👍🏽 0912345678 👨‍👩‍👧 a@b.vn'), [
    { kind: 'phone', from: 5, to: 15 },
    { kind: 'email', from: 25, to: 31 },
  ]);
  assert.deepEqual(findPersonal('\ud83d0912345678\udc4d'), [{ kind: 'phone', from: 1, to: 11 }]);
});

test('guard: what is masked is not found again', () => {
  for (const { text, masked } of cases) assert.deepEqual(findPersonal(masked), [], text);
});

test('guard: a long text of one sort of sign does not stop the browser', () => {
  for (const part of ['0', '09', '0912 ', '0912.', '84', 'a', 'a.', 'a@', 'a@b.', ' @ ', 'stk ', 'cmnd ', 'mã số ', 'mã số a ', '1.', '0 ', '(', ' ', 'mst 0-']) {
    const begun = performance.now();
    findPersonal(part.repeat(Math.ceil(20000 / part.length)));
    assert.ok(performance.now() - begun < 2000, part);
  }
});

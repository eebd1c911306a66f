// The work before a comment: begun once, renewed when it is too old, never a reason to keep a comment back.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeAhead } from '../ahead.js';

const minute = 60_000;

function parts() {
  const made = { asked: 0, time: 0 };
  made.ask = async () => ({ challenge: `c${++made.asked}`, bits: 16 });
  made.work = async ({ challenge }) => `n-${challenge}`;
  made.ahead = makeAhead(() => made.ask(), (challenge) => made.work(challenge), () => made.time);
  return made;
}

test('ahead: the work is begun once, with the first key', async () => {
  const made = parts();
  for (let key = 0; key < 20; key++) made.ahead.begin();
  assert.equal(await made.ahead.take(1000), 'c1:n-c1');
  assert.equal(made.asked, 1);
});

test('ahead: a refused sending keeps its work, a taken one does not', async () => {
  const made = parts();
  assert.equal(await made.ahead.take(1000), 'c1:n-c1');
  assert.equal(await made.ahead.take(1000), 'c1:n-c1');
  made.ahead.forget();
  assert.equal(await made.ahead.take(1000), 'c2:n-c2');
});

test('ahead: a challenge that is nearly over is not sent', async () => {
  const made = parts();
  made.ahead.begin();
  made.time = 8 * minute;
  assert.equal(await made.ahead.take(1000), 'c1:n-c1');
  made.time = 10 * minute;
  assert.equal(await made.ahead.take(1000), 'c2:n-c2');
});

test('ahead: without a connection, or on a slow phone, the comment goes without', async () => {
  const made = parts();
  made.ask = async () => {
    made.asked++;
    throw new Error('no connection');
  };
  assert.equal(await made.ahead.take(1000), '');
  made.ahead.begin();
  assert.equal(made.asked, 2, 'the next key tries again');
  const slow = parts();
  slow.work = () => new Promise(() => {});
  assert.equal(await slow.ahead.take(5), '');
});

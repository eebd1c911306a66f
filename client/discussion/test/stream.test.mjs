// One stream for all tabs of a browser, none when nobody looks, and what is new to whom.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { countNew } from '../stream.js';

test('live: what was published since a page was made is new', () => {
  const page = { count: 3 };
  assert.equal(countNew(page, { so: 3, moi: [3, 2, 1] }), 0);
  assert.equal(countNew(page, { so: 5, moi: [5, 4, 3, 2, 1] }), 2);
});

test('live: what was published before the first event is new too', () => {
  const page = { count: 3 };
  assert.equal(countNew(page, { so: 5, moi: [5, 4, 3, 2, 1] }), 2);
  assert.equal(countNew(page, { so: 6, moi: [6, 5, 4, 3, 2, 1] }), 3);
  assert.equal(countNew({ count: 0 }, { so: 2, moi: [2, 1] }), 2);
});

test('live: what was taken away is not new, and hides nothing that is', () => {
  const page = { count: 3 };
  countNew(page, { so: 3, moi: [3, 2, 1] });
  assert.equal(countNew(page, { so: 2, moi: [2, 1] }), 0);
  assert.equal(countNew(page, { so: 3, moi: [4, 2, 1] }), 1);
  assert.equal(countNew(page, { so: 2, moi: [2, 1] }), 0);
  assert.equal(countNew({ count: 3 }, { so: 2, moi: [2, 1] }), 0);
});

test('live: more than are told are counted, and old ones of a quiet portal are not', () => {
  const page = { count: 100 };
  assert.equal(countNew(page, { so: 100, moi: [] }), 0);
  assert.equal(countNew(page, { so: 101, moi: [101] }), 1);
  const many = Array.from({ length: 20 }, (_, index) => 150 - index);
  assert.equal(countNew(page, { so: 150, moi: many }), 50);
});

// ---- a browser -----------------------------------------------------------------------------------------------------

let sources, holder, queue, channels, timers;

class Source {
  constructor(address) {
    Object.assign(this, { address, open: true, heard: {} });
    sources.push(this);
  }
  addEventListener(kind, call) {
    this.heard[kind] = call;
  }
  close() {
    this.open = false;
  }
  say(kind, data) {
    this.heard[kind]({ data: JSON.stringify(data) });
  }
}

class Channel {
  constructor() {
    channels.add(this);
  }
  postMessage(data) {
    for (const other of channels) if (other !== this) other.onmessage({ data: structuredClone(data) });
  }
  close() {
    channels.delete(this);
  }
}

function next() {
  if (holder || queue.length === 0) return;
  holder = queue.shift();
  holder.hold().then(() => {
    holder.done();
    holder = null;
    next();
  });
}
const locks = {
  request: (_, { signal }, hold) => new Promise((done, refused) => {
    const asked = { hold, done };
    queue.push(asked);
    signal.addEventListener('abort', () => {
      if (!queue.includes(asked)) return;
      queue.splice(queue.indexOf(asked), 1);
      refused(signal.reason);
    });
    next();
  }),
};

const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
beforeEach(() => {
  [sources, queue, channels, timers, holder] = [[], [], new Set(), new Map(), null];
  let number = 0;
  Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
  Object.assign(globalThis, {
    BroadcastChannel: Channel,
    EventSource: Source,
    setTimeout: (call, wait) => (timers.set(++number, { call, wait }), number),
    clearTimeout: (number) => timers.delete(number),
  });
});
afterEach(() => Object.assign(globalThis, real));

/** Lets all timers that are set now run, and gives how long they waited. */
function pass() {
  const due = [...timers];
  timers.clear();
  due.forEach(([, { call }]) => call());
  return due.map(([, { wait }]) => wait);
}
const settle = () => new Promise((done) => setImmediate(done));
const open = () => sources.filter((source) => source.open).map(({ address }) => address);

/** A tab: a module of its own. */
async function tab() {
  const { watch } = await import(`../stream.js?${Math.random()}`);
  return watch;
}

test('live: tabs share one stream, and each hears of its page, who comes later too', async () => {
  const heard = [[], [], []];
  const [one, two, three] = [await tab(), await tab(), await tab()];
  one(7, (event) => heard[0].push(event));
  two(8, (event) => heard[1].push(event));
  pass();
  assert.deepEqual(open(), ['/su-kien?trang=7,8']);
  sources[0].say('phan-hoi', { trang: 8, so: 1, moi: [1] });
  assert.deepEqual(heard.map((events) => events.length), [1, 1, 0]);
  three(8, (event) => heard[2].push(event));
  assert.deepEqual(heard[2], [{ trang: 8, so: 1, moi: [1] }]);
  pass();
  assert.equal(sources.length, 1, 'nothing new is to be watched');
});

test('live: with another page the stream is opened anew, and the last tab that leaves closes it', async () => {
  const [one, two] = [await tab(), await tab()];
  const leaveOne = one(7, () => {});
  pass();
  const leaveTwo = two(8, () => {});
  pass();
  assert.deepEqual(open(), ['/su-kien?trang=7,8']);
  leaveTwo();
  pass();
  assert.deepEqual(open(), ['/su-kien?trang=7']);
  leaveOne();
  pass();
  assert.deepEqual([open(), channels.size], [[], 0]);
});

test('live: when the tab that has the stream leaves, another takes it over', async () => {
  const heard = [];
  const [one, two, three] = [await tab(), await tab(), await tab()];
  const leaveOne = one(7, () => {});
  two(8, (event) => heard.push(event));
  const leaveThree = three(9, () => {});
  leaveThree();
  pass();
  leaveOne();
  await settle();
  pass();
  assert.deepEqual(open(), ['/su-kien?trang=8']);
  sources.at(-1).say('het', { trang: 8 });
  assert.deepEqual(heard, [{ trang: 8, het: true }]);
});

test('live: after a failure the pauses grow up to minutes, and an event ends that', async () => {
  const one = await tab();
  one(7, () => {});
  pass();
  const pauses = [];
  for (let round = 0; round < 12; round++) {
    sources.at(-1).onerror();
    assert.deepEqual(open(), []);
    pauses.push(...pass());
  }
  assert.ok(pauses[0] >= 2000 && pauses[0] <= 6000, String(pauses));
  assert.ok(pauses[11] >= 150_000 && pauses[11] <= 450_000, String(pauses));
  sources.at(-1).say('phan-hoi', { trang: 7, so: 0, moi: [] });
  sources.at(-1).onerror();
  assert.ok(pass()[0] <= 6000);
});

test('live: a tab that went without a word is not watched for ever', async () => {
  const [one, two] = [await tab(), await tab()];
  one(7, () => {});
  two(8, () => {});
  pass();
  channels.delete([...channels][1]);
  sources[0].onerror();
  pass();
  assert.deepEqual(open(), ['/su-kien?trang=7']);
});

test('live: where a stream can not be shared, or bytes are dear, there is none', async () => {
  const one = await tab();
  for (const poor of [{}, { locks, connection: { saveData: true } }]) {
    Object.defineProperty(globalThis, 'navigator', { value: poor, configurable: true });
    assert.equal(one(7, () => {}), undefined);
  }
  pass();
  assert.equal(sources.length, 0);
});

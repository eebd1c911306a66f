// One stream of events for all the tabs of a browser that are looked at: the tab that holds a lock has it and tells the
// others. Whoever is looked at no longer leaves; with the last one the stream is closed.

const name = 'thidua-live';
const tab = Math.random();
const gather = 300; // tabs that begin together are asked for together
const patience = { first: 4000, most: 300_000 };

/**
 * How many comments are new to whoever has a page open that was made with `count` of them. Which ones are known is
 * found out with the first event. What was taken away meanwhile is not new, and hides nothing that is.
 *
 * @param {{ count: number, known?: Set<number> | null }} page
 * @param {{ so: number, moi: number[] }} event how many are published, and which ones last
 */
export function countNew(page, { so, moi }) {
  page.known ??= new Set(moi.slice(Math.max(0, so - page.count)));
  const known = moi.findIndex((id) => page.known.has(id));
  return Math.max(so - page.count, known < 0 ? moi.length : known);
}

/**
 * Has a page watched until the function that is given back is called. Where a browser can't share a stream there is none.
 *
 * @param {number} id the page
 * @param {(event: { trang: number, so?: number, moi?: number[], het?: boolean }) => void} tell hears of every page
 * @returns {(() => void) | undefined}
 */
export function watch(id, tell) {
  if (!navigator.locks || !globalThis.BroadcastChannel || navigator.connection?.saveData) return;
  const channel = new BroadcastChannel(name);
  const left = new AbortController();
  const want = () => channel.postMessage({ tab, id });
  let leader;
  channel.onmessage = ({ data }) => {
    if (data.ask) want();
    else if (data.trang) tell(data);
    else leader?.want(data);
  };
  const hold = () => new Promise((done) => {
    leader = lead(id, channel, tell);
    left.signal.addEventListener('abort', done);
  });
  // Refused when this tab leaves before its turn.
  navigator.locks.request(name, { signal: left.signal }, hold).catch(() => {});
  want();
  return () => {
    leader?.end();
    id = 0;
    want();
    left.abort();
    channel.close();
  };
}

function lead(id, channel, tell) {
  const told = new Map();
  let wanted, watched, source, timer;
  let failures = 0;
  const pages = () => [...new Set(wanted.values())].sort().slice(0, 16).join();
  const plan = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(open, wait);
  };
  // A tab may have gone without a word.
  const ask = () => {
    wanted = new Map([[tab, id]]);
    channel.postMessage({ ask: true });
  };
  const say = (event) => {
    failures = 0;
    told.set(event.trang, event);
    channel.postMessage(event);
    tell(event);
  };
  const close = () => {
    source?.close();
    source = null;
  };
  const open = () => {
    close();
    watched = pages();
    source = new EventSource(`/su-kien?trang=${watched}`);
    source.addEventListener('phan-hoi', ({ data }) => say(JSON.parse(data)));
    source.addEventListener('het', ({ data }) => say({ ...JSON.parse(data), het: true }));
    source.onerror = () => {
      close();
      ask();
      plan(Math.min(patience.most, patience.first * 2 ** failures++) * (0.5 + Math.random()));
    };
  };
  ask();
  plan(gather);
  return {
    want({ tab, id }) {
      if (id) wanted.set(tab, id);
      else wanted.delete(tab);
      // Between two streams the next one asks for all of them.
      if (source && pages() !== watched) plan(gather);
      else if (told.has(id)) channel.postMessage(told.get(id));
    },
    end() {
      clearTimeout(timer);
      close();
    },
  };
}

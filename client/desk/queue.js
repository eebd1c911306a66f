// The moderators' queue in place: each decision takes its item away at once, can be taken back for a minute, and has a key.
// Who has an item open is told to the others.
import { button, send } from './saving.js';

export function openQueue(form) {
  const words = JSON.parse(form.dataset.words);
  const time = Number(form.dataset.undo);
  const items = () => [...form.querySelectorAll('.queue-item')];
  const bar = Object.assign(document.createElement('div'), { className: 'flash queue-said' });
  bar.setAttribute('role', 'status');
  bar.hidden = true;
  form.before(bar);
  form.before(Object.assign(document.createElement('p'), { className: 'hint queue-keys', textContent: words.keys }));

  let last = []; // what was decided last, with its place
  let timer = 0;

  function say(text, act) {
    bar.replaceChildren(text);
    if (act) bar.append(' ', act);
    bar.hidden = false;
  }

  // What waits is counted on the page as it goes and comes back.
  const waiting = document.querySelector('.queue-waiting');
  function count(by) {
    const number = Number(waiting.textContent.replace(/\D/g, '')) + by;
    waiting.textContent = new Intl.NumberFormat(document.documentElement.lang === 'vi' ? 'vi-VN' : 'en').format(Math.max(number, 0));
  }

  function focusItem(item) {
    item?.focus();
    item?.scrollIntoView({ block: 'nearest' });
  }

  async function undo() {
    if (!last.length) return;
    const taken = last;
    last = [];
    const body = [['viec', 'hoan-tac'], ...taken.map(({ item }) => ['muc', item.dataset.item])];
    try {
      const answer = await send(form.action, body);
      if (!answer.ok) throw new Error();
    } catch {
      last = taken;
      return say(words.unreachable, button(words.undo, 'button button--quiet', undo));
    }
    // The last that went comes back first, or a place would not be there yet.
    for (const { item, before } of taken.toReversed()) before.parentNode ? before.after(item) : form.querySelector('ul').prepend(item);
    say(words.undone);
    count(taken.length);
    focusItem(taken[0].item);
  }

  async function decide(body, ids, rejects) {
    let answer;
    try {
      answer = await (await send(form.action, body)).json();
    } catch {
      return say(words.unreachable);
    }
    if (answer.sentence) return say(answer.sentence);
    const gone = new Set([...answer.done, ...answer.already.map(([id]) => id)].map(String));
    const next = items().find((item) => !gone.has(item.dataset.item) && item.compareDocumentPosition(document.getElementById(`muc-${ids[0]}`)) & Node.DOCUMENT_POSITION_PRECEDING)
      ?? items().findLast((item) => !gone.has(item.dataset.item));
    last = [];
    for (const item of items().filter((item) => gone.has(item.dataset.item))) {
      // A sign that stays where it was.
      const before = document.createComment('');
      item.before(before);
      item.remove();
      if (answer.done.map(String).includes(item.dataset.item)) last.push({ item, before });
    }
    count(-gone.size);
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = [];
      bar.querySelector('button')?.remove();
    }, time - 2000);
    // What was changed meanwhile is read anew.
    if (answer.changed.length) return location.reload();
    const before = answer.already.length ? ` ${words.already.replace('{who}', answer.already[0][1] || words.somebody)}` : '';
    const told = before + (answer.own.length ? ` ${words.own}` : '');
    const done = answer.done.length ? (rejects ? words.rejected : words.approved).replace('{n}', answer.done.length) : '';
    say(done + told, answer.done.length ? button(words.undo, 'button button--quiet', undo) : null);
    if (next) focusItem(next);
    else form.querySelector('ul').replaceChildren(Object.assign(document.createElement('li'), { textContent: words.empty }));
  }

  form.addEventListener('submit', (event) => {
    const pressed = event.submitter;
    if (!pressed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const body = [...new FormData(form)].filter(([name]) => name !== 'muc' || pressed.name === 'viec');
    body.push([pressed.name, pressed.value]);
    const ids = pressed.name === 'viec' ? body.filter(([name]) => name === 'muc').map(([, id]) => id) : [pressed.value];
    if (ids.length) decide(body, ids, pressed.name === 'tu-choi' || pressed.value === 'tu-choi');
  });

  // Whoever looks at an item is told who else does.
  const looked = new WeakMap();
  form.addEventListener('focusin', async ({ target }) => {
    const item = target.closest('.queue-item');
    if (!item || Date.now() - (looked.get(item) ?? 0) < 30_000) return;
    looked.set(item, Date.now());
    try {
      const { who } = await (await send(`${form.action}/${item.dataset.item}/dang-mo`, [])).json();
      item.querySelector('.queue-open').textContent = who ? words.open.replace('{who}', who) : '';
    } catch {
      // nobody is told; the decision itself still is
    }
  });

  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || /^(TEXTAREA|SELECT)$/.test(event.target.tagName) || (event.target.tagName === 'INPUT' && event.target.type !== 'checkbox')) return;
    const all = items();
    const current = document.activeElement.closest?.('.queue-item');
    const at = all.indexOf(current);
    const key = event.key.toLowerCase();
    const press = (selector) => current?.querySelector(selector)?.click();
    if (key === 'j') focusItem(all[Math.min(at + 1, all.length - 1)]);
    else if (key === 'k') focusItem(all[Math.max(at - 1, 0)]);
    else if (key === 'd') press('button[name=duyet]');
    else if (key === 'x') press('input[name=muc]');
    else if (key === 'u') undo();
    else if (key === 't') {
      const details = current?.querySelector('details');
      if (details) {
        details.open = true;
        // A key stands before each reason.
        for (const option of [...details.querySelector('select').options].slice(1, 10)) option.label = `${option.index}. ${option.text}`;
      }
      current?.focus();
    } else if (/^[1-9]$/.test(key) && current?.querySelector('details')?.open) {
      const select = current.querySelector('select');
      if (!select.options[key]) return;
      select.selectedIndex = Number(key);
      // Another reason has to be written.
      if (select.value === 'other' && !current.querySelector('textarea').value.trim()) current.querySelector('textarea').focus();
      else press('button[name=tu-choi]');
    } else return;
    event.preventDefault();
  });
}

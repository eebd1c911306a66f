// New comments while a page is open. What one reads does not move: a button says how many there are, and pressed it puts
// them where they belong. The stream tells numbers only; the comments come with the page.

import { wakeAgreements } from './agree.js';
import { countNew, watch } from './stream.js';

let page = null; // the discussion in this page
let leave; // while it is watched

function hear(event) {
  if (event.trang !== page?.id) return;
  page.last = event;
  page.over = event.het;
  show(event.het ? 0 : countNew(page, event));
  if (event.het) wakeLive();
}

function show(count) {
  const { bar, words: [fresh], top } = page;
  const number = new Intl.NumberFormat(document.documentElement.lang === 'vi' ? 'vi-VN' : 'en').format(count);
  const text = fresh.replace('{n}', number);
  if (count <= 0) bar.replaceChildren();
  else if (bar.firstChild) bar.firstChild.textContent = text;
  else {
    const button = Object.assign(document.createElement(top ? 'button' : 'a'), { className: 'button', textContent: text });
    if (top) button.onclick = press;
    // In another order, or on a later page, new ones do not stand on top.
    else button.href = `${location.pathname}#phan-hoi`;
    bar.append(button);
  }
}

async function press({ currentTarget: button }) {
  const pressed = page;
  if (button.getAttribute('aria-disabled')) return;
  button.setAttribute('aria-disabled', 'true');
  try {
    const html = await (await fetch(location.pathname)).text();
    const fetched = new DOMParser().parseFromString(html, 'text/html').querySelector('[data-live]');
    if (pressed === page) take(fetched);
  } catch {
    button.textContent = pressed.words[1];
  }
  button.removeAttribute('aria-disabled');
}

const comments = (item) => [...item.querySelectorAll('.comment')].map(({ id }) => id).join();
const more = (item) => item.querySelector('.more-replies');

/** Puts what is new into the discussion, and leaves everything else where it is. */
function take(fetched) {
  const { section, bar } = page;
  page.count = JSON.parse(fetched.dataset.live).count;
  page.known = null;
  const list = section.querySelector('.comment-list');
  let place = list.firstElementChild;
  let first;
  for (const item of [...fetched.querySelector('.comment-list').children]) {
    const own = document.getElementById(item.querySelector('.comment').id)?.closest('.comment-list > li');
    if (!own) {
      list.insertBefore(item, place);
      first ??= item.querySelector('.comment');
      continue;
    }
    place = own.nextElementSibling;
    if (comments(own) === comments(item) && more(own)?.textContent === more(item)?.textContent) continue;
    const before = comments(own);
    for (const part of own.querySelectorAll('.comment-replies, .more-replies')) part.remove();
    own.append(...item.querySelectorAll('.comment-replies, .more-replies'));
    first ??= [...own.querySelectorAll('.comment')].find(({ id }) => !before.split(',').includes(id)) ?? more(own);
  }
  section.querySelector('.empty')?.remove();
  for (const part of ['.discussion-count', '.discussion-order']) section.querySelector(part).replaceWith(fetched.querySelector(part));
  for (const button of list.querySelectorAll('[data-action=copy]')) button.hidden = !navigator.clipboard;
  wakeAgreements();
  bar.replaceChildren();
  show(page.last.so - page.count); // if the page was made before the last event
  first ??= section.querySelector('h2');
  if (first.tabIndex < 0) first.tabIndex = -1;
  first.focus();
}

/** Sees to the page that is in place: watches it while it is looked at. */
export function wakeLive() {
  const section = document.querySelector('[data-live]');
  if (section !== (page?.section ?? null)) {
    leave = leave?.();
    page = null;
  }
  if (section && !page) {
    const bar = Object.assign(document.createElement('div'), { className: 'live', role: 'status' });
    section.querySelector('.discussion-order').before(bar);
    page = { section, bar, ...JSON.parse(section.dataset.live) };
  }
  const wanted = page && !page.over && document.visibilityState === 'visible';
  if (wanted) leave ??= watch(page.id, hear);
  else leave = leave?.();
}

for (const sign of ['visibilitychange', 'thidua:page']) document.addEventListener(sign, wakeLive);
addEventListener('pageshow', wakeLive);
addEventListener('pagehide', () => (leave = leave?.()));

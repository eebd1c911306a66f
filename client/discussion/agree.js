// Agreeing with a comment in place. Which comments this browser agreed with is kept on the device, for the buttons only:
// who counts is the server's business. Where many have agreed from one address, the server asks for a moment's work first.

import { work } from './work.js';

const prefix = 'thidua:agreed:';
const mine = {
  has: (id) => {
    try {
      return localStorage.getItem(prefix + id) !== null;
    } catch {
      return false; // no storage: the button forgets
    }
  },
  set: (id, is) => {
    try {
      if (is) localStorage.setItem(prefix + id, '');
      else localStorage.removeItem(prefix + id);
    } catch {
      // the same
    }
  },
};

const wordsOf = (button) => JSON.parse(button.closest('[data-words]').dataset.words);
const idOf = (form) => form.action.split('/').pop();

function show(button, agreed = Number(button.textContent.replace(/\D/g, ''))) {
  const [agree, count, own] = wordsOf(button);
  const is = mine.has(idOf(button.form));
  const number = new Intl.NumberFormat(document.documentElement.lang === 'vi' ? 'vi-VN' : 'en').format(agreed);
  const written = (is ? own : agreed ? count : agree).replace('{n}', number);
  if (button.textContent !== written) button.textContent = written;
  button.setAttribute('aria-pressed', String(is));
}

/** Shows on a page that was put in place which comments this browser agrees with. */
export function wakeAgreements() {
  for (const button of document.querySelectorAll('.comment-controls form button')) show(button);
}

async function ask(form, what, proof = '') {
  const body = new URLSearchParams({ viec: what, proof });
  return (await fetch(form.action, { method: 'POST', headers: { accept: 'application/json' }, body })).json();
}

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.matches('.comment-controls form') || event.defaultPrevented) return;
  event.preventDefault();
  const button = form.querySelector('button');
  if (button.getAttribute('aria-disabled')) return;
  button.setAttribute('aria-disabled', 'true');
  // What the button said: agreeing once more takes nothing back.
  const what = button.getAttribute('aria-pressed') === 'true' ? 'rut-dong-tinh' : 'dong-tinh';
  let answer;
  try {
    answer = await ask(form, what);
    if (answer.prove) answer = await ask(form, what, `${answer.prove.challenge}:${await work(answer.prove)}`);
  } catch {
    answer = { sentence: wordsOf(button)[3] };
  }
  button.removeAttribute('aria-disabled');
  form.querySelector('.agree-said')?.remove();
  if (answer.sentence) {
    button.after(' ', Object.assign(document.createElement('span'), { className: 'agree-said', role: 'status', textContent: answer.sentence }));
    return;
  }
  mine.set(idOf(form), answer.mine);
  show(button, answer.agreed);
});

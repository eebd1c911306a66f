// The comment form: says what is wrong while one types, counts, and sends without leaving the page. What was typed is
// never touched. The rules are the server's, which has the last word; the words stand in the form (data-words).

import { makeAhead } from './ahead.js';
import { findPersonal } from './guard.js';
import { rememberCode } from './own.js';
import { work } from './work.js';

const segmenter = 'Segmenter' in Intl ? new Intl.Segmenter('vi') : null;

/** How many characters a person sees. */
export function count(text) {
  const composed = text.normalize('NFC');
  if (!segmenter) return [...composed].length;
  let counted = 0;
  for (const _ of segmenter.segment(composed)) counted += 1;
  return counted;
}

const patience = 4000;
const ids = { name: 'ho-va-ten', email: 'e-mail', text: 'noi-dung-phan-hoi' };
const states = new WeakMap();
const formOf = (target) => target?.closest?.('form.comment-form');

async function post(form, fields) {
  const body = new URLSearchParams(fields);
  return (await fetch(form.action, { method: 'POST', headers: { accept: 'application/json' }, body })).json();
}

/** What the script knows of a form: its words, which fields it has spoken of, whether it is being sent. */
function stateOf(form) {
  if (!states.has(form)) {
    const said = new Set(Object.keys(ids).filter((field) => document.getElementById(`${ids[field]}-loi`)));
    const ahead = makeAhead(() => post(form, { viec: 'thu-thach' }), work);
    states.set(form, { words: JSON.parse(form.dataset.words), said, tried: said.size > 0, sending: false, ahead });
  }
  return states.get(form);
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const typed = (form, field) => form.elements.namedItem(field).value.trim();

/** What is wrong with each field, as a sentence. */
function check(form, { words }) {
  const number = new Intl.NumberFormat(words.lang === 'vi' ? 'vi-VN' : 'en');
  const found = new Map();
  for (const field of ['name', 'text', 'email']) {
    const text = typed(form, field);
    const counted = field === 'email' ? text.length : count(text);
    if (!text && words.missing[field]) found.set(field, { sentence: words.missing[field] });
    else if (field === 'email' && text && !/^[^\s@<>",;:]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/.test(text)) found.set(field, { sentence: words.noEmail });
    else if (counted > words.most[field]) {
      const sentence = fill(words.tooLong, { counted: number.format(counted), most: number.format(words.most[field]) });
      found.set(field, { sentence, at: 'once' });
    }
  }
  return found;
}

function showProblem(form, field, sentence) {
  const input = form.elements.namedItem(field);
  const id = `${ids[field]}-loi`;
  let line = document.getElementById(id);
  const described = new Set((input.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean));
  if (!sentence) {
    line?.remove();
    input.removeAttribute('aria-invalid');
    described.delete(id);
  } else {
    if (!line) {
      line = document.createElement('p');
      line.className = 'field-error';
      line.id = id;
      input.before(line);
    }
    if (line.textContent !== sentence) line.textContent = sentence;
    input.setAttribute('aria-invalid', 'true');
    described.add(id);
  }
  if (described.size) input.setAttribute('aria-describedby', [...described].join(' '));
  else input.removeAttribute('aria-describedby');
}

const refusal = (form) => form.querySelector('.form-errors');

/** Says above the form why it was not sent, and moves the focus there. */
function refuse(form, lines) {
  refusal(form)?.remove();
  const { words } = stateOf(form);
  const box = document.createElement('div');
  box.className = 'form-errors';
  box.role = 'alert';
  box.tabIndex = -1;
  const heading = document.createElement('h4');
  heading.textContent = words.heading;
  const list = document.createElement('ul');
  list.className = 'form-errors-list';
  for (const [target, sentence] of lines) {
    const item = document.createElement('li');
    if (target) {
      const link = document.createElement('a');
      link.href = `#${target}`;
      link.rel = 'external';
      link.textContent = sentence;
      item.append(link);
    } else item.textContent = sentence;
    list.append(item);
  }
  box.append(heading, list);
  form.querySelector('h3').after(box);
  box.focus();
}

/** Shows what is wrong as far as it has been spoken of; what has been put right is not held against anybody. */
function review(form) {
  const state = stateOf(form);
  const found = check(form, state);
  for (const field of Object.keys(ids)) {
    const problem = found.get(field);
    if (problem?.at === 'once') state.said.add(field);
    showProblem(form, field, problem && (state.tried || state.said.has(field)) ? problem.sentence : null);
  }
  const box = refusal(form);
  if (!box?.querySelector('a')) return;
  if (!found.size || box.matches('.form-errors--guard')) box.remove();
  else box.querySelector('ul').replaceChildren(...[...found].map(([field, { sentence }]) => {
    const item = document.createElement('li');
    const link = Object.assign(document.createElement('a'), { href: `#${ids[field]}`, rel: 'external', textContent: sentence });
    item.append(link);
    return item;
  }));
}

function showRoom(form) {
  const { words } = stateOf(form);
  const counter = form.querySelector('.counter');
  const left = words.most.text - count(typed(form, 'text'));
  const number = new Intl.NumberFormat(words.lang === 'vi' ? 'vi-VN' : 'en').format(Math.abs(left));
  counter.textContent = left === words.most.text ? words.hint : fill(left < 0 ? words.over : words.left, { n: number });
  counter.classList.toggle('counter--over', left < 0);
}

function follow(form) {
  stateOf(form).ahead.begin();
  showRoom(form);
}

addEventListener('input', ({ target }) => {
  const form = formOf(target);
  if (!form) return;
  follow(form);
  review(form);
});

// An address is looked at when one leaves its field: half of one is always wrong.
addEventListener('change', ({ target }) => {
  const form = formOf(target);
  if (!form || target.name !== 'email') return;
  stateOf(form).said.add('email');
  review(form);
});

/** Follows a link as if it had been clicked: in place with the client, by loading a document without it. */
export function go(path) {
  const link = Object.assign(document.createElement('a'), { href: path, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
}

/** Shows what looks like personal data, before it is sent; the server masks the same. */
function warn(form, personal) {
  const { words: { guard } } = stateOf(form);
  refuse(form, personal.map(({ field, kind, text }) => [ids[field], `${text} (${guard.kinds[kind]})`]));
  const box = refusal(form);
  box.querySelector('h4').textContent = guard.heading;
  const said = Object.assign(document.createElement('p'), { textContent: guard.text });
  const choice = document.createElement('p');
  choice.className = 'form-actions';
  const edit = Object.assign(document.createElement('button'), { type: 'button', className: 'button', textContent: guard.edit });
  edit.addEventListener('click', () => {
    box.remove();
    form.elements.namedItem(personal[0].field).focus();
  });
  const on = Object.assign(document.createElement('button'), { type: 'submit', className: 'button button--quiet', textContent: guard.send });
  choice.append(edit, ' ', on);
  box.append(said, choice);
  box.classList.add('form-errors--guard');
}

function setSending(form, sending) {
  const state = stateOf(form);
  state.sending = sending;
  const button = form.querySelector(':scope > .form-actions button[type=submit]');
  button.textContent = sending ? state.words.sending : state.words.send;
  if (sending) button.setAttribute('aria-disabled', 'true');
  else button.removeAttribute('aria-disabled');
}

async function send(form) {
  const { words, ahead } = stateOf(form);
  setSending(form, true);
  let answer;
  try {
    // An old phone is not waited for.
    const proof = await ahead.take(patience);
    answer = await post(form, [...new FormData(form), ['proof', proof]]);
    if (answer.to) ahead.forget();
  } catch {
    answer = { fields: [], sentence: words.unreachable };
  }
  // Whoever has gone on to another page is not fetched back.
  if (!form.isConnected) return;
  setSending(form, false);
  if (answer.to) {
    if (answer.edit) rememberCode(answer.code, answer.edit);
    return go(answer.to);
  }
  const state = stateOf(form);
  // What was to be answered is gone: the next sending stands alone.
  for (const field of answer.fields) {
    if (field[0] !== 'tra-loi') continue;
    document.getElementById('tra-loi')?.remove();
    field[0] = null;
  }
  state.tried = answer.fields.some(([id]) => id);
  for (const field of Object.keys(ids)) showProblem(form, field, answer.fields.find(([id]) => id === ids[field])?.[1]);
  refuse(form, answer.fields.length ? answer.fields : [[null, answer.sentence]]);
}

// On the document: before the loader, which takes what nobody else has taken for a sending by the browser.
document.addEventListener('submit', (event) => {
  const form = formOf(event.target);
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const state = stateOf(form);
  if (state.sending) return;
  const found = check(form, state);
  if (found.size) {
    state.tried = true;
    review(form);
    return refuse(form, [...found].map(([field, { sentence }]) => [ids[field], sentence]));
  }
  const personal = ['name', 'text'].flatMap((field) => {
    const text = typed(form, field).normalize('NFC');
    return findPersonal(text).map(({ kind, from, to }) => ({ field, kind, text: text.slice(from, to) }));
  });
  // What somebody has seen the warning of is sent as it is.
  const seen = JSON.stringify(personal);
  if (personal.length && state.warned !== seen) {
    state.warned = seen;
    return warn(form, personal);
  }
  refusal(form)?.remove();
  send(form);
});

// What was typed before this came, or is still there from before, counts as well.
for (const form of document.querySelectorAll('form.comment-form')) {
  if (Object.keys(ids).some((field) => typed(form, field))) follow(form);
}

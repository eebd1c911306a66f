// The codes of what was sent here. This tab keeps the second code, by which a comment is changed or withdrawn, and shows
// it on the tracking page. The device keeps codes, both of them, only once somebody has asked for that, and forgets them
// when asked: a telephone may be shared.

const tab = 'thidua:edit:';
const device = 'thidua:mine';

const read = (store, key) => {
  try {
    return store().getItem(key);
  } catch {
    return null; // no storage: codes are typed
  }
};
const write = (store, key, value) => {
  try {
    if (value === null) store().removeItem(key);
    else store().setItem(key, value);
  } catch {
    // the same
  }
};
const session = () => sessionStorage;
const local = () => localStorage;

/** What the device keeps, the latest first; nothing unless somebody has asked for it. */
function kept() {
  try {
    const list = JSON.parse(read(local, device) ?? 'null');
    return Array.isArray(list) ? list.filter((one) => typeof one?.code === 'string') : null;
  } catch {
    return null;
  }
}
const keep = (list) => write(local, device, list === null ? null : JSON.stringify(list.slice(0, 200)));

/** Keeps the codes of what was just sent: in this tab, and on a device that was asked to. */
export function rememberCode(code, edit) {
  write(session, tab + code, edit);
  const list = kept();
  if (list) keep([{ code, edit, title: document.title, at: Date.now() }, ...list.filter((one) => one.code !== code)]);
}

/** The second code of a receipt, where this tab or this device knows it. */
const editOf = (code) => read(session, tab + code) ?? kept()?.find((one) => one.code === code)?.edit ?? null;

function showEdit() {
  const own = document.querySelector('.own-comment');
  const code = own && editOf(own.querySelector('form').dataset.receipt);
  if (!code) return;
  for (const field of document.querySelectorAll('.own-comment [name=ma-sua]')) if (!field.value) field.value = code;
  const line = document.querySelector('.edit-code-line');
  if (!line) return;
  line.querySelector('.edit-code').textContent = code;
  line.hidden = false;
}

function showRemember() {
  const line = document.querySelector('.remember');
  if (!line || line.dataset.awake) return;
  line.dataset.awake = 'true';
  const [button, said] = [line.querySelector('button'), line.querySelector('[role=status]')];
  const { receipt, title } = line.dataset;
  const words = [button.textContent, said.textContent];
  const is = () => Boolean(kept()?.some((one) => one.code === receipt));
  const show = () => {
    button.textContent = is() ? button.dataset.remembered : words[0];
    button.setAttribute('aria-pressed', String(is()));
    said.textContent = is() ? said.dataset.kept : words[1];
  };
  button.addEventListener('click', () => {
    const others = (kept() ?? []).filter((one) => one.code !== receipt);
    if (!is()) keep([{ code: receipt, edit: editOf(receipt), title, at: Date.now() }, ...others]);
    // The last one that is forgotten takes the asking with it.
    else keep(others.length ? others : null);
    show();
  });
  show();
  line.hidden = false;
}

function showMine() {
  const section = document.querySelector('.my-comments');
  const list = kept();
  if (!section || section.dataset.awake || !list?.length) return;
  section.dataset.awake = 'true';
  const { path, forget, forgotten } = JSON.parse(section.dataset.words);
  const shown = section.querySelector('ul');
  const none = () => {
    keep(null);
    section.replaceChildren(Object.assign(document.createElement('p'), { role: 'status', textContent: forgotten, tabIndex: -1 }));
    section.firstChild.focus();
  };
  for (const one of list) {
    const item = document.createElement('li');
    const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'short', timeZone: 'Asia/Ho_Chi_Minh' }).format(one.at);
    const link = Object.assign(document.createElement('a'), { href: path + encodeURIComponent(one.code), textContent: one.code });
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button button--quiet', textContent: forget });
    button.setAttribute('aria-label', `${forget} (${one.code})`);
    button.addEventListener('click', () => {
      const rest = (kept() ?? []).filter((other) => other.code !== one.code);
      if (!rest.length) return none();
      keep(rest);
      (item.nextElementSibling ?? item.previousElementSibling).querySelector('button').focus();
      item.remove();
    });
    item.append(link, ` ${one.title ?? ''}, ${day} `, button);
    shown.append(item);
  }
  section.querySelector(':scope > button').addEventListener('click', none);
  section.hidden = false;
}

/** Shows on a page that was put in place what this tab and this device know. */
export function wakeOwn() {
  showEdit();
  showRemember();
  showMine();
}

// The portal's own script, without which every page works: keeps what is typed in a form on this device until it has
// been acknowledged, gives each sending a key so that sent twice is one, and shows the buttons that need a script.

const prefix = 'thidua:draft:';
const store = (() => {
  try {
    localStorage.getItem(prefix);
    return localStorage;
  } catch {
    return null; // storage is switched off: nothing is kept, everything else works
  }
})();

const fields = (form) => [...form.elements].filter((field) => field.name && field.name !== 'website' && field.type !== 'submit');

function keep(form) {
  const key = form.elements.namedItem('key');
  if (key && !key.value) key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const draft = Object.fromEntries(fields(form).map((field) => [field.name, field.value]));
  try {
    store?.setItem(prefix + form.dataset.draft, JSON.stringify(draft));
  } catch {
    // the device's storage is full: the text still stands in the form
  }
}

// What the server sent back, or what the browser filled in, is never overwritten.
function restore(form) {
  let draft;
  try {
    draft = JSON.parse(store?.getItem(prefix + form.dataset.draft) ?? 'null');
  } catch {
    return;
  }
  if (!draft) return;
  for (const field of fields(form)) {
    if (!field.value && typeof draft[field.name] === 'string') field.value = draft[field.name];
  }
}

document.addEventListener('input', (event) => {
  const form = event.target.closest?.('form[data-draft]');
  if (form) keep(form);
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.matches('form[data-draft]')) return;
  if (form.dataset.sent) {
    event.preventDefault(); // the second click of a double click
    return;
  }
  keep(form);
  form.dataset.sent = 'true';
});

// A page that the browser took out of its memory can be sent from again.
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((form) => delete form.dataset.sent));

const actions = {
  share: () => navigator.share({ title: document.title, url: location.href }).catch(() => {}),
  copy: async (button) => {
    await navigator.clipboard.writeText(location.href);
    button.textContent = button.dataset.done;
  },
  print: () => print(),
};
const possible = { share: () => 'share' in navigator, copy: () => navigator.clipboard !== undefined, print: () => true };

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button[data-action]');
  if (button) actions[button.dataset.action]?.(button);
});

for (const form of document.querySelectorAll('form[data-draft]')) restore(form);
for (const button of document.querySelectorAll('button[data-action]')) button.hidden = !possible[button.dataset.action]?.();
const acknowledged = document.querySelector('[data-acknowledged]')?.dataset.acknowledged;
if (acknowledged) store?.removeItem(prefix + acknowledged);

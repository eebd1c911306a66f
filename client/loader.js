// The portal's own script, without which every page works. It keeps what is typed in a form on this device until it has
// been acknowledged, gives each sending a key so that sent twice is one, shows the buttons that need a script, fetches
// the client when the page has been painted, and moves focus and scroll position when the client changes the page.

// ---- drafts ---------------------------------------------------------------------------------------------------------

const prefix = 'thidua:draft:';
const store = (() => {
  try {
    localStorage.getItem(prefix);
    return localStorage;
  } catch {
    return null; // storage is switched off: nothing is kept, everything else works
  }
})();

const fields = (form) => [...form.elements].filter((field) => field.name && field.name !== 'website' && !/submit|file/.test(field.type));

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

addEventListener('input', (event) => {
  const form = event.target.closest?.('form[data-draft]');
  if (form) keep(form);
});

// On the way down, before the client hears of it: it sends what stands in the form, the key too.
addEventListener('submit', (event) => {
  if (event.target.matches('form[data-draft]')) keep(event.target);
}, true);

addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches('form[data-draft]')) return;
  if (form.dataset.sent) {
    event.preventDefault(); // the second click of a double click
    return;
  }
  form.dataset.sent = 'true';
});

// A page that the browser took out of its memory can be sent from again.
addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((form) => delete form.dataset.sent));

// ---- buttons --------------------------------------------------------------------------------------------------------

const actions = {
  share: () => navigator.share({ title: document.title, url: location.href }).catch(() => {}),
  copy: async (button) => {
    // A comment's own address, or that of the page.
    await navigator.clipboard.writeText(button.closest('.comment')?.querySelector('.comment-permalink').href ?? location.href);
    button.textContent = button.dataset.done;
  },
  print: () => print(),
};
const possible = { share: () => 'share' in navigator, copy: () => navigator.clipboard !== undefined, print: () => true };

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button[data-action]');
  if (button) actions[button.dataset.action]?.(button);
});

// ---- discussions: their script is fetched by whoever comes near one -----------------------------------------------

const discussed = '.discussion, .tracking';
const agreed = () => store && Object.keys(store).some((key) => key.startsWith('thidua:agreed:'));
let discussion;
let underWay = false;
function fetchDiscussion() {
  if (!discussion) {
    underWay = true;
    // One that can't be had leaves the forms to the browser; the next sign tries again.
    discussion = import('./discussion.js').catch(() => (discussion = undefined)).finally(() => (underWay = false));
  }
  discussion.then((script) => script?.wake());
}
// Who is quicker than the script waits the moment that it takes.
document.addEventListener('submit', (event) => {
  const { target, submitter } = event;
  if (!underWay || !target.closest(discussed)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  discussion.then(() => target.requestSubmit(submitter));
}, true);
for (const sign of ['pointerover', 'pointerdown', 'focusin']) {
  addEventListener(sign, ({ target }) => target.closest?.(discussed) && fetchDiscussion(), { capture: true, passive: true });
}

// ---- a page that has just been put in place, by the server or by the client -----------------------------------------

let begun = false; // somebody is there, or the page has been idle for a while
function wake() {
  for (const form of document.querySelectorAll('form[data-draft]')) restore(form);
  for (const button of document.querySelectorAll('button[data-action]')) button.hidden = !possible[button.dataset.action]?.();
  const acknowledged = document.querySelector('[data-acknowledged]')?.dataset.acknowledged;
  if (acknowledged) store?.removeItem(prefix + acknowledged);
  // What a page shows of this device is there before a finger is: nothing moves away under it, and whoever agreed sees so.
  const shows = begun || agreed() ? discussed : '.tracking';
  if (document.querySelector(shows)) fetchDiscussion();
}
wake();

// ---- the client -----------------------------------------------------------------------------------------------------

const address = () => location.pathname + location.search;
let here = address(); // the page whose content is in place
let returning; // where a page that is returned to had been scrolled to
let ready = false;
let program; // the client
let broken = false;

// After a fault of the client every link and every form is the browser's again.
function fault({ error, reason }) {
  if ((error ?? reason) instanceof WebAssembly.RuntimeError) broken = true;
}
addEventListener('error', fault);
addEventListener('unhandledrejection', fault);
document.addEventListener('click', (event) => broken && event.stopPropagation());
addEventListener('submit', (event) => broken && event.stopPropagation(), true);

function savePosition() {
  clearTimeout(saving);
  saving = 0;
  try {
    if (here === address()) history.replaceState({ ...history.state, y: Math.round(scrollY) }, '');
  } catch {
    // too often for this browser: the position of this moment is lost
  }
}
let saving = 0;

function takeOver() {
  ready = true;
  document.documentElement.dataset.client = 'ready';
  // Browsers restore a position before the content is there, and so does a reload if it is left to them.
  history.scrollRestoration = 'manual';
  addEventListener('pagehide', () => (history.scrollRestoration = 'auto'));
  addEventListener('pageshow', () => (history.scrollRestoration = 'manual'));
  addEventListener('scroll', () => {
    clearTimeout(saving);
    saving = setTimeout(savePosition, 150);
  }, { passive: true });
  addEventListener('click', () => saving && savePosition(), true);
}

addEventListener('popstate', ({ state }) => {
  // To a page that the client had put in place before this document was loaded: without it nobody else shows it.
  if ((!ready || broken) && here !== address()) return location.reload();
  clearTimeout(saving);
  returning = state?.y;
  if (here !== address()) return;
  if (ready && returning !== undefined) scrollTo({ top: returning, behavior: 'instant' });
  returning = undefined;
});

// A form that only asks becomes a link, which the client follows without loading a document.
addEventListener('submit', (event) => {
  const form = event.target;
  if (!ready || broken || event.defaultPrevented || form.method !== 'get') return;
  event.preventDefault();
  const link = document.createElement('a');
  link.href = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  document.body.append(link);
  link.click();
  link.remove();
});

// A link that is pointed at has its data fetched ahead: after a moment, so that a pointer on its way to somewhere else
// and a finger that scrolls cost nobody anything.
let pointed = 0;
function point({ target, type, pointerType }) {
  clearTimeout(pointed);
  const link = target.closest?.('a[href]');
  if (!ready || broken || (type === 'pointerover' && pointerType !== 'mouse') || link?.origin !== location.origin) return;
  if (/external/.test(link.rel) || link.pathname + link.search === here) return;
  pointed = setTimeout(() => program.fetch_ahead(link.pathname, link.search), pointerType === 'mouse' ? 80 : 40);
}
for (const sign of ['pointerover', 'pointerdown']) addEventListener(sign, point, { passive: true });
for (const sign of ['pointercancel', 'click']) addEventListener(sign, () => clearTimeout(pointed), true);

// The navigation around a page stays while the client changes pages.
function markPlace() {
  for (const link of document.querySelectorAll('.main-nav a')) {
    if (link.pathname === location.pathname) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const other = document.querySelector('.language-switch');
  if (!other) return;
  const path = location.pathname.replace(/^\/en(?=\/|$)/, '');
  other.href = other.hreflang === 'en' ? `/en${path === '/' ? '' : path}` : path || '/';
}

function arrive() {
  here = address();
  markPlace();
  let target = null;
  try {
    target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch {
    // not a name that an element of ours could have
  }
  if (returning !== undefined) scrollTo({ top: returning, behavior: 'instant' });
  else if (target) target.scrollIntoView({ behavior: 'instant' });
  else scrollTo({ top: 0, behavior: 'instant' });
  returning = undefined;
  const focused = target || document.querySelector('main');
  if (focused && !focused.hasAttribute('tabindex')) focused.tabIndex = -1;
  focused?.focus({ preventScroll: true });
  document.getElementById('thong-bao').textContent = document.title;
  savePosition();
}

// The client tells that content was put in place; the address and the title follow it within a frame or two.
document.addEventListener('thidua:page', () => requestAnimationFrame(() => requestAnimationFrame(() => {
  if (!ready) takeOver();
  wake();
  if (here !== address()) arrive();
})));

// Whoever was told that there was no connection need not ask again when there is one.
addEventListener('online', () => document.querySelector('.failure button')?.click());

const client = document.querySelector('script[data-client]')?.dataset.client;
const network = navigator.connection;
const sparing = network?.saveData || /2g/.test(network?.effectiveType ?? '') || matchMedia('(prefers-reduced-data: reduce)').matches;

async function fetchClient() {
  try {
    program = await import(`${client}.js`);
    // Whatever the page itself still fetches goes first.
    await program.default({ module_or_path: fetch(`${client}.wasm`, { priority: 'low' }) });
    // A slow phone answers its reader between the two.
    await new Promise((done) => setTimeout(done));
    // Whoever went back in the meantime gets that page from the server.
    if (here === address()) program.hydrate();
  } catch {
    broken = true; // it could not be fetched, or this browser can't run it: the page works as it is
  }
}

if (client && !sparing) {
  const signs = ['pointerover', 'pointerdown', 'touchstart', 'keydown', 'focusin'];
  const begin = () => {
    if (begun) return;
    begun = true;
    for (const sign of signs) removeEventListener(sign, begin, true);
    if (document.querySelector(discussed)) fetchDiscussion();
    fetchClient();
  };
  // At the first sign of somebody, or else when the page has been there for a while and the browser is idle.
  for (const sign of signs) addEventListener(sign, begin, { capture: true, passive: true });
  const later = () => setTimeout(() => (window.requestIdleCallback ?? ((call) => call()))(begin), 2500);
  if (document.readyState === 'complete') later();
  else addEventListener('load', later);
}

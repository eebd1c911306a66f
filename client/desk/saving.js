// Saves a form while one writes in it: by itself to the server, to this device until the server has it, and with what
// others saved meanwhile. The editor's form and the report's are saved by it.

/** The fields of a form whose values are saved: those with a name that is not among the form's own marks. */
export const fieldsOf = (form, others, pattern = /^$/) => [...form.elements].filter((field) => field.name && !others.includes(field.name) && !pattern.test(field.name));

/** Whether a kept text is what stands in the form; `valueOf` gives a field's value by its name. */
export const isInPlace = (text, valueOf) => Object.entries(text).every(([name, value]) => plain(valueOf(name) ?? '') === plain(value));

/** What was kept on this device and is not in the form: the last text, or the one that nobody has said yes or no to. */
export const unansweredOf = (kept, isInPlace) => [kept, kept?.unanswered].find((one) => one && !isInPlace(one.text)) ?? null;

/** Whether a refused saving would be refused again as long as nothing is changed. */
export const isRefusedForGood = (said) => Boolean(said?.error?.Invalid || said?.error === 'TooLarge');

/**
 * Starts saving a form. It needs `data-id`, `data-save` and `data-sign-in`, a place for what is told (`data-save-state`),
 * and hidden fields for what the server has to know of the text that one began with.
 *
 *   form, words     the form and its sentences
 *   fields          gives the fields that are saved
 *   typed           gives what stands in them, by name
 *   put             puts a text in their place
 *   marks           names of the hidden fields beside `base` that the server answers with
 *   textOf          the text in an answer that merged what others saved
 *   onChange, onMerged   are told of a change, and that what others saved came
 */
export function openSaving({ form, words, fields, typed, put, marks, textOf, onChange = () => {}, onMerged = () => {} }) {
  const state = form.querySelector('[data-save-state]');
  const named = (name) => form.elements.namedItem(name);
  const keptUnder = `thidua:desk:${form.dataset.id}`;
  const begun = () => Object.fromEntries([...marks, 'base'].map((name) => [name, named(name).value]));
  const show = (text, kind = '') => {
    state.textContent = text;
    state.dataset.kind = kind;
  };

  // ---- what stands on this device -----------------------------------------------------------------------------------

  const device = {
    read() {
      try {
        return JSON.parse(localStorage.getItem(keptUnder) ?? 'null');
      } catch {
        return null;
      }
    },
    keep() {
      try {
        localStorage.setItem(keptUnder, JSON.stringify({ at: Date.now(), ...begun(), text: typed(), unanswered: unanswered && { ...unanswered, unanswered: null } }));
      } catch {
        // storage is full or switched off: the text still stands in the form
      }
    },
    forget() {
      try {
        // What nobody has said yes or no to stays.
        if (unanswered) localStorage.setItem(keptUnder, JSON.stringify(unanswered));
        else localStorage.removeItem(keptUnder);
      } catch {
        // nothing was kept
      }
    },
  };

  let merged = ''; // what was put in place of others' changes, which is no change of whoever sits here
  const kept = device.read();
  let unanswered = unansweredOf(kept, (text) => isInPlace(text, (name) => named(name)?.value));
  if (unanswered) offer(unanswered);
  else if (kept) device.forget();

  function offer(kept) {
    const bar = document.createElement('div');
    bar.className = 'flash restore';
    bar.setAttribute('role', 'alert');
    const at = new Date(kept.at).toLocaleString(document.documentElement.lang === 'en' ? 'en-GB' : 'vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short', timeStyle: 'short' });
    bar.append(paragraph(words.restore.replace('{at}', at)));
    bar.append(button(words.restoreYes, 'button', () => {
      // It goes on from what it was written on, so that what others saved since is merged.
      for (const name of marks) named(name).value = kept[name];
      named('base').value = kept.base ?? '';
      unanswered = null;
      put(kept.text);
      bar.remove();
      changed();
      show(words.restored);
    }), ' ', button(words.restoreNo, 'button button--quiet', () => {
      unanswered = null;
      device.forget();
      bar.remove();
    }));
    form.before(bar);
  }

  // ---- saving ---------------------------------------------------------------------------------------------------------

  let edits = 0; // counts changes, so that a saving knows whether more came meanwhile
  let saved = 0;
  let timer = 0;
  let underWay = false;
  // Until somebody has chosen between two people's words, nothing is saved by itself.
  let halted = Boolean(form.querySelector('.conflicts'));

  function changed() {
    if (merged && merged === JSON.stringify(typed())) return;
    merged = '';
    edits += 1;
    onChange();
    device.keep();
    if (halted) return;
    show(navigator.onLine ? words.unsaved : words.offline, navigator.onLine ? '' : 'offline');
    plan(2500);
  }
  function plan(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => save(), wait);
  }

  async function save(evenUnchanged = false) {
    if (underWay || halted || (edits === saved && !evenUnchanged)) return;
    const text = typed();
    const upTo = edits;
    underWay = true;
    if (!evenUnchanged) show(words.saving);
    try {
      const answer = await send(form.dataset.save, { ...text, ...begun() });
      if (answer.status === 401) return stop(words.signedOut, true);
      const said = await answer.json();
      if (!answer.ok) return failed(said);
      if (said.saved === 'conflict') return stop(words.conflict);
      if (said.saved === 'closed') return stop(words.closed);
      for (const name of marks) named(name).value = said[name];
      saved = upTo;
      named('base').value = '';
      if (said.saved === 'merged' && edits === upTo) {
        put(textOf(said));
        merged = JSON.stringify(typed());
      } else if (said.saved === 'merged') {
        // Whoever went on writing meanwhile wrote on what was sent, not on what came of it: the next saving says so.
        named('base').value = JSON.stringify(text);
      }
      if (edits === saved) device.forget();
      show(said.saved === 'merged' && !evenUnchanged ? words.merged : words.saved, 'saved');
      if (said.saved === 'merged') onMerged();
      if (said.saved === 'merged' && edits !== upTo) plan(200);
    } catch {
      show(navigator.onLine ? words.failed : words.offline, 'offline');
      plan(5000);
      return;
    } finally {
      underWay = false;
    }
    if (edits !== saved) plan(2500);
  }

  function failed(said) {
    const forGood = isRefusedForGood(said);
    show(said?.sentence || (forGood ? words.tooLarge : words.failed), 'offline');
    if (!forGood) plan(10000);
  }
  function stop(sentence, signIn = false) {
    halted = true;
    device.keep();
    show(sentence, 'bad');
    if (signIn) {
      const link = document.createElement('a');
      link.href = form.dataset.signIn;
      link.target = '_blank';
      link.textContent = words.signIn;
      state.append(' ', link);
      const back = () => {
        if (document.visibilityState !== 'visible') return;
        document.removeEventListener('visibilitychange', back);
        halted = false;
        plan(100);
      };
      document.addEventListener('visibilitychange', back);
    }
  }

  form.addEventListener('input', changed);
  addEventListener('online', () => plan(100));
  addEventListener('offline', () => show(words.offline, 'offline'));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && edits !== saved) save();
  });

  return {
    show,
    changed,
    save,
    stop,
    isHalted: () => halted,
    isSaved: () => edits === saved,
    /** Saves what was typed while the script was on its way. */
    takeEarlier() {
      if (!unanswered && fields().some((field) => 'defaultValue' in field && plain(field.value) !== plain(field.defaultValue))) changed();
    },
  };
}

// ---- what the desk's scripts do again and again -----------------------------------------------------------------------

function plain(text) {
  return text.replace(/\r\n?/g, '\n');
}

export function send(target, values) {
  return fetch(target, { method: 'POST', body: new URLSearchParams(values), headers: { Accept: 'application/json' } });
}

export function button(text, className, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
}

export function paragraph(text) {
  return Object.assign(document.createElement('p'), { textContent: text });
}

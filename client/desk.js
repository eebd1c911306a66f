// The desk's script, without which every form works: the visual editor in the place of the text area, saving while one
// writes, to this device where the server can't be reached, telling each other who has a text open, and checking the
// figures of a report.
import { attachGrid } from './desk/grid.js';
import { openQueue } from './desk/queue.js';
import { openReport } from './desk/report.js';
import { button, fieldsOf, openSaving, paragraph, send } from './desk/saving.js';
import { attachToolbar } from './editor/textarea.js';

const form = document.getElementById('soan');
for (const field of document.querySelectorAll('[data-grid]')) attachGrid(field);
if (form) openDesk(form);
const report = document.getElementById('bao-cao');
if (report) openReport(report, () => import('./check.js'));
const queue = document.querySelector('form.queue[data-words]');
if (queue) openQueue(queue);
for (const errors of document.querySelectorAll('.form-errors')) errors.focus();

// A second click of a double click sends nothing.
addEventListener('submit', (event) => {
  const sent = event.target;
  if (sent.dataset.sent) event.preventDefault();
  sent.dataset.sent = 'yes';
  setTimeout(() => delete sent.dataset.sent, 3000);
});

// A file that is chosen, or dropped on the page, is sent at once.
for (const sending of document.querySelectorAll('[data-send-chosen]')) {
  const input = sending.querySelector('input[type=file]');
  const choose = sending.querySelector('button');
  const state = Object.assign(document.createElement('span'), { className: 'save-state' });
  state.setAttribute('role', 'status');
  sending.append(state);
  const go = () => {
    if (!input.files.length) return;
    state.textContent = sending.dataset.sendChosen;
    sending.requestSubmit();
  };
  sending.classList.add('is-one-button');
  input.required = false;
  choose.addEventListener('click', (event) => {
    if (input.files.length) return;
    event.preventDefault();
    input.click();
  });
  input.addEventListener('change', go);
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    go();
  });
  // Whoever comes back with the Back button chooses anew.
  addEventListener('pageshow', () => {
    sending.reset();
    state.textContent = '';
  });
}

// What is there to be handed on has a button that copies it.
for (const source of document.querySelectorAll('[data-copy]')) {
  const copy = button(source.dataset.copy, 'button button--quiet', async () => {
    await navigator.clipboard.writeText(source.textContent);
    copy.textContent = source.dataset.copied;
  });
  if (navigator.clipboard) source.after(' ', copy);
}

function openDesk(form) {
  const words = JSON.parse(form.dataset.words);
  const named = (name) => form.elements.namedItem(name);
  const area = named('body');
  let editor = null;

  const fields = () => fieldsOf(form, ['revision', 'version', 'base', 'slug', 'viec', 'file', 'keep_name'], /^(chon|manh)-/);
  const typed = () => {
    if (editor) area.value = editor.markdown();
    return Object.fromEntries(fields().map((field) => [field.name, field.value]));
  };
  const put = (text) => {
    for (const field of fields()) {
      if (typeof text[field.name] !== 'string' || field === area) continue;
      field.value = text[field.name];
      field.dispatchEvent(new Event('put'));
    }
    if (typeof text.body === 'string') {
      if (editor) editor.setMarkdown(text.body);
      area.value = text.body;
    }
  };

  let checking = 0;
  const { changed, save, show, stop, isHalted, isSaved, takeEarlier } = openSaving({
    form,
    words,
    fields,
    typed,
    put,
    marks: ['revision', 'version'],
    textOf: (said) => said.text,
    onChange() {
      // What was found and is mended goes from the list at once.
      if (!findings.childElementCount) return;
      clearTimeout(checking);
      checking = setTimeout(check, 400);
    },
    onMerged() {
      if (findings.childElementCount) check();
    },
  });
  // A title is one line, however many it takes on the screen.
  named('title').addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    named('lead').focus();
  });
  form.addEventListener('submit', typed);

  // ---- who else ---------------------------------------------------------------------------------------------------------

  const others = document.querySelector('.editing-others');
  const tab = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  async function tellOpen() {
    if (document.visibilityState === 'visible') {
      try {
        const answer = await send(form.dataset.open, { tab });
        const { others: names = [], revision, version, closed } = answer.ok ? await answer.json() : {};
        if (closed && !isHalted()) return stop(words.closed);
        // What somebody else saved comes by itself to whoever is not writing.
        if (isSaved() && String(revision) === named('revision').value && version > Number(named('version').value)) save(true);
        const sentence = names.length ? others.dataset.others.replace('{names}', names.join(', ')) : '';
        if (others.textContent.trim() !== sentence) others.textContent = sentence;
        others.hidden = !names.length;
      } catch {
        // nobody is told while the server can't be reached
      }
    }
    setTimeout(tellOpen, 10000);
  }
  tellOpen();
  addEventListener('pagehide', () => navigator.sendBeacon(form.dataset.open, new URLSearchParams({ tab, close: '1' })));

  // ---- files --------------------------------------------------------------------------------------------------------------

  const uploads = new Map();
  const upload = (file, target = form.dataset.upload) => new Promise((resolve, reject) => {
    const body = new FormData();
    body.append('file', file);
    const request = new XMLHttpRequest();
    request.open('POST', target);
    request.setRequestHeader('Accept', 'application/json');
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      uploads.set(request, { loaded, total });
      const sum = (part) => [...uploads.values()].reduce((all, one) => all + one[part], 0);
      const percent = Math.round((100 * sum('loaded')) / (sum('total') || 1));
      // The editor shows a bar where the file will stand, the lead picture one of its own.
      const bars = document.querySelectorAll('.editor-upload progress, .lead-picture progress:not([hidden])');
      for (const bar of bars) {
        bar.max = 100;
        bar.value = percent;
      }
      if (!bars.length) show(words.uploading.replace('{percent}', percent));
    });
    request.addEventListener('loadend', () => uploads.delete(request));
    request.addEventListener('load', () => {
      if (request.status < 300) resolve(request.response);
      else if (request.status === 401) reject(new Error(words.signedOut));
      else reject(new Error(request.response?.sentence || (request.status === 413 ? words.tooLarge : words.unreachable)));
    });
    request.addEventListener('error', () => reject(new Error(words.unreachable)));
    request.send(body);
  });

  const readWord = async (file) => {
    const fills = !typed().body.trim() && !named('lead').value.trim() && !named('image').value.trim();
    const read = await upload(file, form.dataset.word);
    if (read.title && !named('title').value.trim()) named('title').value = read.title;
    if (read.source && !named('source').value.trim()) named('source').value = read.source;
    // A text that begins with the document takes its first paragraph as the lead, and the picture there.
    if (fills) {
      named('lead').value = read.lead;
      if (read.image) {
        named('image_caption').value = read.image.caption;
        useLeadPicture(read.image);
      }
    }
    tell(fills ? read.notice_filled : read.notice);
    return fills ? { ...read, markdown: read.rest } : read;
  };
  const tell = (sentence) => {
    let told = document.querySelector('.word-told');
    if (!told) {
      told = paragraph('');
      told.className = 'flash flash--good word-told';
      told.setAttribute('role', 'status');
      form.before(told);
    }
    told.textContent = sentence;
  };

  const useLeadPicture = leadPicture();
  function leadPicture() {
    const place = form.querySelector('[data-lead-picture]');
    const address = named('image');
    const chosen = ({ path, alt }) => {
      address.value = path;
      if (alt && !named('image_alt').value) named('image_alt').value = alt;
      let shown = place.querySelector('img');
      if (!shown) {
        shown = document.createElement('img');
        shown.className = 'lead-picture-shown';
        place.querySelector('legend').after(shown);
      }
      shown.src = path;
      shown.alt = named('image_alt').value;
      changed();
    };
    const choose = (picture) => {
      chosen(picture);
      named('image_alt').focus();
    };
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = 'image/*';
    input.hidden = true;
    const progress = document.createElement('progress');
    progress.hidden = true;
    progress.setAttribute('aria-label', words.choosePicture);
    const problem = paragraph('');
    problem.className = 'field-error';
    problem.setAttribute('role', 'alert');
    input.addEventListener('change', async () => {
      if (!input.files[0]) return;
      progress.hidden = false;
      progress.removeAttribute('value');
      problem.textContent = '';
      try {
        choose(await upload(input.files[0]));
      } catch (error) {
        problem.textContent = error.message;
      }
      progress.hidden = true;
      input.value = '';
    });
    const row = document.createElement('div');
    row.className = 'form-actions';
    row.append(button(words.choosePicture, 'button button--quiet', () => input.click()), button(words.fromLibrary, 'button button--quiet', () => library(choose)), input, progress);
    place.querySelector('legend').after(row, problem);
    return chosen;
  }

  function library(use) {
    const dialog = document.createElement('dialog');
    dialog.className = 'picture-library';
    dialog.setAttribute('aria-label', words.fromLibrary);
    const search = document.createElement('input');
    search.type = 'search';
    search.setAttribute('aria-label', words.search);
    const list = document.createElement('ul');
    list.className = 'desk-pictures';
    const fill = async () => {
      const query = search.value;
      try {
        const answer = await fetch(`${form.dataset.pictures}?q=${encodeURIComponent(query)}`, { headers: { Accept: 'application/json' } });
        const { pictures } = await answer.json();
        if (query !== search.value) return;
        list.replaceChildren(...pictures.map((picture) => {
          const item = document.createElement('li');
          const choose = button('', 'picture-choice', () => {
            dialog.close();
            use(picture);
          });
          const image = document.createElement('img');
          image.src = picture.small;
          image.alt = picture.alt || picture.name;
          image.loading = 'lazy';
          choose.append(image, Object.assign(document.createElement('span'), { textContent: picture.alt || picture.name }));
          item.append(choose);
          return item;
        }));
        if (!pictures.length) list.replaceChildren(Object.assign(document.createElement('li'), { textContent: words.none }));
      } catch {
        list.replaceChildren(Object.assign(document.createElement('li'), { textContent: words.unreachable }));
      }
    };
    search.addEventListener('input', fill);
    dialog.append(search, button(words.close, 'button button--quiet', () => dialog.close()), list);
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
    fill();
  }

  // ---- the editor -----------------------------------------------------------------------------------------------------------

  const documentFile = () => new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.pdf,.docx,.xlsx';
    input.addEventListener('change', () => resolve(input.files[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });

  async function openVisual() {
    const place = form.querySelector('[data-editor]');
    const { openEditor, createAsk } = await import('./editor.js');
    const plainAsk = createAsk(words.editor);
    const ask = async (kind, initial) => {
      if (kind !== 'document' || initial.href) return plainAsk(kind, initial);
      const file = await documentFile();
      if (!file) return plainAsk(kind, initial);
      try {
        const { path } = await upload(file, form.dataset.document);
        return plainAsk(kind, { ...initial, href: path, title: initial.title || file.name.replace(/\.[^.]+$/, '') });
      } catch (error) {
        show(error.message, 'bad');
        return null;
      }
    };
    editor = openEditor({ place, markdown: area.value, words: words.editor, onChange: changed, upload, readWord, ask, lang: named('language').value });
    area.hidden = true;
    area.nextElementSibling.hidden = true;
    const row = document.createElement('div');
    row.className = 'form-actions';
    row.append(button(words.fromLibrary, 'button button--quiet', () => library(({ path, alt }) => editor.insert(`![${alt.replace(/([\\[\]])/g, '\\$1')}](${path})`))));
    place.after(row);
    const line = location.hash.match(/^#dong-(\d+)$/)?.[1];
    if (line) editor.selectBlockAtLine(Number(line), location.search === '?mo-ta');
  }
  openVisual().catch(() => {
    // the editor did not arrive: the text area with the same buttons
    editor = null;
    area.hidden = false;
    area.nextElementSibling.hidden = false;
    attachToolbar(area, { words: words.editor, upload, readWord });
    const line = location.hash.match(/^#dong-(\d+)$/)?.[1];
    if (line) {
      const at = area.value.split('\n').slice(0, Number(line) - 1).join('\n').length;
      area.focus();
      area.setSelectionRange(at, at);
    }
  });

  // ---- checks ---------------------------------------------------------------------------------------------------------------

  const findings = document.createElement('ul');
  findings.className = 'findings';
  const check = async () => {
    try {
      const answer = await send(form.dataset.check, typed());
      if (!answer.ok) return;
      const { findings: found } = await answer.json();
      findings.replaceChildren(...found.map((finding) => {
        const item = document.createElement('li');
        item.className = finding.must ? 'finding finding--must' : 'finding';
        item.append(button(finding.sentence, 'finding-link', () => point(finding)));
        if (finding.picture) item.append(Object.assign(document.createElement('img'), { className: 'finding-picture', src: finding.picture, alt: '' }));
        else if (finding.excerpt) item.append(' ', Object.assign(document.createElement('q'), { textContent: finding.excerpt }));
        return item;
      }));
      if (!found.length) findings.replaceChildren(Object.assign(document.createElement('li'), { textContent: words.checksNothing }));
    } catch {
      findings.replaceChildren(Object.assign(document.createElement('li'), { textContent: words.unreachable }));
    }
  };
  const point = ({ field, line, picture }) => {
    if (field === 'body' && line && editor) editor.selectBlockAtLine(line, Boolean(picture));
    else if (field === 'image') named('image_alt').focus();
    else if (field === 'body') (editor ?? area).focus();
    else named(field)?.focus();
  };
  form.querySelector('.save-actions').after(button(words.checks, 'button button--quiet', check), findings);
  // What was typed while this script was on its way.
  takeEarlier();
  // What a Word file lacks for a page is told at once.
  if (location.search.startsWith('?tu-word')) check();
}

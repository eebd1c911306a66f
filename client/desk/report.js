// The form of a unit's report: each figure is checked while it is typed, by the server's own rules, and a column of a
// spreadsheet fills the cells. Without the check, which may not arrive, the rest works and the server says it afterwards.

import { button, fieldsOf, openSaving } from './saving.js';

const PAUSE = 500; // after the last key, in milliseconds

// ---- what is pasted -----------------------------------------------------------------------------------------------------

/** The cells of a spreadsheet as it puts them on the clipboard: tabs and line breaks, which stand inside quotes as well. */
export function readBlock(text) {
  const lines = [[]];
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  // A quoted cell ends with a quote before a tab or a line break; a quote that does not is a letter like others.
  for (const [, quoted, bare, end] of source.matchAll(/(?:"((?:[^"]|"")*)"(?=[\t\n]|$)|([^\t\n]*))([\t\n]|$)/g)) {
    lines.at(-1).push((quoted?.replaceAll('""', '"') ?? bare).replace(/\s+/g, ' ').trim());
    if (end === '\n') lines.push([]);
    if (end === '') break;
  }
  return lines;
}

const isFigureLike = (cell) => /^[-–—]$/.test(cell) || (/\d/.test(cell) && !/\p{L}/u.test(cell));
const isWords = (cell) => /\p{L}/u.test(cell);
// Codes like 1.1 and 11 are two; dots after them, spaces and capitals are no difference.
const key = (text) => text.normalize('NFC').toLowerCase().replace(/(\p{N})[.,](?=\p{N})/gu, '$1_').replace(/[^\p{L}\p{M}\p{N}_%]/gu, '');

/** Which row a code or a name means; one that means two rows means none. */
function rowsByKey(rows) {
  const found = new Map();
  rows.forEach(({ code, name }, at) => {
    for (const one of new Set([key(code), key(name), key(code + name)])) if (one) found.set(one, found.has(one) ? null : at);
  });
  return found;
}

/**
 * Where the lines of a block go. `rows` have a code and a name, `start` is the row in which it is pasted, `column` the
 * block's column of figures, if somebody has said which.
 *
 * It gives `fills` (row and text) and `left` (lines that have no place), or `columns` where several may be meant:
 * guessing would put last year's figures, or per cents, into every cell.
 */
export function placeBlock(block, rows, start, column) {
  const width = Math.max(...block.map((line) => line.length));
  const cellsOf = (at) => block.map((line) => line[at] ?? '');
  const places = rowsByKey(rows);
  const placeOf = (cell) => places.get(key(cell)) ?? null;

  // The column that says which target a line is about: the one that names the most.
  let named = -1;
  let most = 0;
  for (let at = 0; at < width && width > 1; at++) {
    const filled = cellsOf(at).filter(Boolean);
    const matches = filled.filter((cell) => placeOf(cell) !== null);
    // A column of figures may hold what a code is by chance.
    const isByChance = !matches.some(isWords) && new Set(matches.map(placeOf)).size < filled.length;
    if (!isByChance && matches.length > most) [named, most] = [at, matches.length];
  }

  const isFigures = (at) => {
    const cells = cellsOf(at).filter((cell, line) => cell && (named < 0 || placeOf(block[line][named] ?? '') !== null));
    return cells.length > 0 && cells.filter(isFigureLike).length * 2 >= cells.length;
  };
  const candidates = [...Array(width).keys()].filter((at) => at > named && isFigures(at));
  const nothing = { fills: [], left: block.filter((line) => line.some(Boolean)) };
  if (named < 0 && width > 1) {
    // A table of names that are not the targets' is not filled in by its order.
    const words = [...Array(width).keys()].find((at) => !isFigures(at) && cellsOf(at).some(isWords)) ?? width;
    if (!candidates.length || words < candidates.at(-1)) return nothing;
  } else if (width === 1) {
    candidates.splice(0, 1, 0);
  }
  if (!candidates.length) return nothing;
  if (column === undefined && candidates.length > 1) {
    const heads = block.findIndex((line) => candidates.some((at) => isFigureLike(line[at] ?? '')));
    return { fills: [], left: [], columns: candidates.map((at) => ({ at, name: columnName(cellsOf(at), heads) })) };
  }

  const values = cellsOf(column ?? candidates[0]);
  const fills = [];
  const left = [];
  const taken = new Set();
  // What stands above the first figure is the column's head.
  const first = Math.max(0, values.findIndex(isFigureLike));
  block.forEach((line, at) => {
    const place = named >= 0 ? placeOf(line[named] ?? '') : at >= first ? start + at - first : null;
    if (!line.some(Boolean)) return;
    if (place === null || place >= rows.length || taken.has(place)) return left.push(line);
    // An empty cell says nothing of what stands in the form.
    if (!values[at]) return;
    taken.add(place);
    fills.push({ row: place, text: values[at] });
  });
  return { fills, left };
}

/** What a column is called: by its head, or by the first things in it. */
function columnName(cells, heads) {
  const head = cells.slice(0, Math.max(0, heads)).filter(Boolean).join(' ');
  const some = cells.slice(Math.max(0, heads)).filter(Boolean).slice(0, 3).join('; ');
  return head ? `${head}: ${some}` : some;
}

// ---- what is said of a cell -----------------------------------------------------------------------------------------------

const fill = (sentence = '', values = {}) => sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

/** What is said of a cell that was checked: the kind, the sentence, and what there is to choose between. */
export function sayCell(found, words, lang, isExplained) {
  const whys = { 'not-a-number': words.notANumber, 'too-large': words.tooLarge, 'too-precise': words.tooPrecise };
  switch (found.state) {
    case 'missing':
      return { kind: 'bad', text: words.missing };
    case 'nothing':
      return { kind: 'good', text: words.nothing };
    case 'unreadable':
      return { kind: 'bad', text: whys[found.why] };
    case 'unclear':
      return {
        kind: 'doubt',
        text: fill(words.unclear, found),
        choices: [
          { text: fill(words.unclearThousands, { figure: found.thousands }), typed: found.thousandsTyped },
          { text: fill(words.unclearDecimal, { figure: found.decimal }), typed: found.decimalTyped },
        ],
      };
    default: {
      const reads = fill(words.reads, { figure: found.shown });
      if (!found.doubts.length) return { kind: 'good', text: reads };
      const times = new Intl.NumberFormat(lang === 'en' ? 'en-GB' : 'vi-VN').format(found.times ?? 0);
      const doubts = { negative: words.negative, 'far-above': fill(words.farAbove, { times }), falls: words.falls, 'over-whole': words.overWhole };
      const said = [reads, ...found.doubts.map((doubt) => doubts[doubt])];
      return isExplained ? { kind: 'good', text: [...said, words.explained].join(' ') } : { kind: 'doubt', text: said.join(' ') };
    }
  }
}

// ---- the form -------------------------------------------------------------------------------------------------------------

/** `load` fetches the check; its answer is the module that wasm-bindgen makes. */
export function openReport(form, load) {
  const words = JSON.parse(form.dataset.words);
  const lang = form.dataset.lang;
  const named = (name) => form.elements.namedItem(name);
  const fields = () => fieldsOf(form, ['version', 'base', 'viec', 'table', 'pasted', 'file', 'public', 'bo']);
  const typed = () => Object.fromEntries(fields().map((field) => [field.name, field.value]));
  const rows = [...form.querySelectorAll('tr[data-figure]')].map((row) => {
    const asked = JSON.parse(row.dataset.figure);
    return {
      asked,
      code: asked.code,
      name: (row.querySelector('th label') ?? row.querySelector('th')).textContent,
      input: named(`so-${asked.code}`),
      reason: named(`ly-do-${asked.code}`),
      said: row.querySelector('.cell-said'),
      reasonPlace: row.querySelector('.cell-reason'),
      timer: 0,
      isTouched: false,
    };
  });
  let check = null;

  const put = (cells) => {
    const isChanged = (field) => typeof cells[field?.name] === 'string' && field.value !== cells[field.name];
    const changed = rows.filter(({ input, reason }) => isChanged(input) || isChanged(reason));
    for (const field of fields()) if (isChanged(field)) field.value = cells[field.name];
    for (const row of changed) look(row);
  };
  const { takeEarlier } = openSaving({ form, words, fields, typed, put, marks: ['version'], textOf: (said) => said.cells });

  // ---- checking -----------------------------------------------------------------------------------------------------------

  /** Checks a cell and says what was found; `isQuiet` keeps what is in order to itself. */
  function look(row, isQuiet = false) {
    clearTimeout(row.timer);
    const { input, reason } = row;
    if (!check) return;
    if (!input.value.trim() && !row.isTouched) return say(row, null);
    let found;
    try {
      found = JSON.parse(check(JSON.stringify({ ...row.asked, typed: input.value, reason: reason?.value ?? '', lang })));
    } catch {
      return;
    }
    const said = sayCell(found, words.check, lang, Boolean(reason?.value.trim()));
    say(row, isQuiet && said.kind === 'good' ? null : said);
    if (['missing', 'unclear', 'unreadable'].includes(found.state)) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
    ask(row, found.doubts.length > 0);
  }

  function ask({ reason, reasonPlace }, isAsked) {
    reasonPlace?.classList.toggle('is-asked', isAsked);
    if (isAsked) reason?.setAttribute('aria-required', 'true');
    else reason?.removeAttribute('aria-required');
  }

  function say(row, said) {
    const { input, said: place } = row;
    // What is said already is not said again, so that it is not read out again.
    const whole = JSON.stringify(said);
    if (whole === row.whole) return;
    row.whole = whole;
    place.className = said ? `cell-said cell-said--${said.kind}` : 'cell-said';
    place.replaceChildren(said?.text ?? '');
    if (!said?.choices) return;
    const choices = document.createElement('span');
    choices.className = 'cell-choices';
    choices.append(...said.choices.map(({ text, typed: chosen }) => button(text, 'button button--quiet', () => {
      input.value = chosen;
      input.focus();
      input.dispatchEvent(new Event('input', { bubbles: true }));
      look(row);
    })));
    place.append(choices);
  }

  for (const row of rows) {
    row.input.addEventListener('input', () => {
      row.isTouched = true;
      undo = null;
      // Whoever goes on has seen that everything was filled in; what had no place stays in sight.
      if (!pasted.querySelector('li, button')) pasted.replaceChildren();
      clearTimeout(row.timer);
      // What was said of another figure is no longer true, and without the check nobody says what is.
      if (!check || !row.input.value.trim()) {
        say(row, null);
        row.input.removeAttribute('aria-invalid');
        if (check) ask(row, false);
      } else {
        row.timer = setTimeout(() => look(row), PAUSE);
      }
    });
    // Said only once the click that leaves the cell is over: a line that appears under the finger would move the button away.
    const later = (act) => { clearTimeout(row.timer); row.timer = setTimeout(act, PAUSE); };
    row.input.addEventListener('blur', () => row.isTouched && later(() => look(row)));
    row.reason?.addEventListener('input', () => {
      clearTimeout(row.timer);
      row.timer = setTimeout(() => look(row), PAUSE);
    });
    row.reason?.addEventListener('blur', () => row.input.value.trim() && later(() => look(row)));
  }

  load().then(async (module) => {
    await module.default();
    check = module.check_cell;
    // From now on a reason is asked for where one is needed; on a phone it is not in the way before.
    form.dataset.checks = '';
    for (const row of rows) if (row.input.value.trim()) look(row, !row.isTouched);
  }).catch(() => {
    // it did not arrive, or the browser may not run it: the server says it after sending
  });

  // ---- moving and pasting -----------------------------------------------------------------------------------------------

  const pasted = document.createElement('div');
  pasted.className = 'paste-said';
  pasted.setAttribute('role', 'status');
  form.querySelector('.report-table').after(pasted);
  let undo = null; // what stood in the cells before the last paste

  rows.forEach((row, at) => {
    row.input.addEventListener('keydown', (event) => {
      if (event.isComposing) return;
      if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        const next = rows[at + (event.shiftKey ? -1 : 1)]?.input ?? (event.shiftKey ? null : named('noi-dung'));
        next?.focus();
        if (next?.tagName === 'INPUT') next.select();
      } else if (undo && event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey) {
        event.preventDefault();
        const before = undo;
        write(before, row);
        undo = null;
        pasted.replaceChildren();
      }
    });
    row.input.addEventListener('paste', (event) => {
      const text = (event.clipboardData?.getData('text/plain') ?? '').replace(/[\r\n]+$/, '');
      if (!/[\t\r\n]/.test(text)) return;
      event.preventDefault();
      const block = readBlock(text);
      place(block, placeBlock(block, rows, at), row, at);
    });
  });

  function place(block, { fills, left, columns }, row, at) {
    if (columns) {
      const choices = document.createElement('div');
      choices.className = 'cell-choices';
      choices.append(...columns.map((column) => button(column.name, 'button button--quiet', () => {
        row.input.focus();
        place(block, placeBlock(block, rows, at, column.at), row, at);
      })));
      tell(words.check.whichColumn, choices);
      return;
    }
    const before = fills.map((one) => ({ row: one.row, text: rows[one.row].input.value }));
    if (fills.length) write(fills, row);
    undo = fills.length ? before : null;
    const list = document.createElement('ul');
    list.append(...left.map((line) => Object.assign(document.createElement('li'), { textContent: line.filter(Boolean).join(' | ') })));
    tell(fill(words.check.pasted, { n: fills.length }), ...(left.length ? [words.check.notPlaced ?? '', list] : []));
  }

  function tell(...parts) {
    pasted.replaceChildren(...parts.filter(Boolean).map((part) => (typeof part === 'string' ? Object.assign(document.createElement('p'), { textContent: part }) : part)));
  }

  function write(fills, row) {
    for (const one of fills) {
      rows[one.row].input.value = one.text;
      rows[one.row].isTouched = true;
    }
    row.input.dispatchEvent(new Event('input', { bubbles: true }));
    for (const one of fills) look(rows[one.row]);
  }

  takeEarlier();
}

// A list with a line for each row, shown as a table. The text area stays what is sent, saved and merged; the table only
// writes into it. A table that is pasted from a spreadsheet fills as many rows and columns as it has.

const SEPARATOR = ' | ';
const escapeless = (cell) => cell.replace(/[|\t\r\n]+/g, ' ').trim();

export function attachGrid(field) {
  const area = field.querySelector('textarea');
  const words = JSON.parse(field.dataset.grid);
  const read = () => area.value.split('\n').filter((line) => line.trim()).map((line) => line.split(/[|\t]/).map((cell) => cell.trim()));

  const table = document.createElement('table');
  table.className = 'grid';
  table.createTHead().insertRow().append(...[...words.columns, ''].map((name) => Object.assign(document.createElement('th'), { scope: 'col', textContent: name })));
  const body = table.createTBody();
  const box = document.createElement('div');
  box.className = 'grid-scroll';
  box.tabIndex = -1;
  box.append(table);

  const cells = (row) => [...row.querySelectorAll('textarea, select')];
  // A word that is not offered, as it came from elsewhere, stays until somebody chooses another.
  const put = (cell, text) => {
    if (cell.tagName === 'SELECT' && ![...cell.options].some((option) => option.value === text)) cell.add(new Option(text, text));
    cell.value = text;
  };
  const cellOf = (at) => {
    const choices = words.choices?.[at];
    if (!choices) return Object.assign(document.createElement('textarea'), { rows: 1 });
    const cell = document.createElement('select');
    cell.append(...['', ...choices].map((word) => new Option(word, word)));
    return cell;
  };
  const write = () => {
    const lines = [...body.rows].map((row) => cells(row).map((cell) => escapeless(cell.value)));
    const text = lines.filter((line) => line.some(Boolean)).map((line) => line.join(SEPARATOR).replace(/( \| )+$/, '')).join('\n');
    if (text === area.value) return;
    area.value = text;
    area.dispatchEvent(new Event('input', { bubbles: true }));
  };

  const addRow = (values = [], before = null) => {
    const row = document.createElement('tr');
    words.columns.forEach((name, at) => {
      const input = cellOf(at);
      put(input, values[at] ?? '');
      input.setAttribute('aria-label', `${name}`);
      input.addEventListener('paste', (event) => paste(event, row, at));
      input.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || event.isComposing || input.tagName === 'SELECT') return;
        event.preventDefault();
        cells(row.nextElementSibling ?? addRow())[at].focus();
      });
      const cell = row.insertCell();
      cell.append(input);
    });
    const tools = row.insertCell();
    tools.className = 'grid-tools';
    tools.append(tool('↑', words.up, () => {
      row.previousElementSibling?.before(row);
      write();
    }), tool('×', words.remove, () => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      if (!body.rows.length) addRow();
      write();
      cells(next ?? body.rows[0])[0]?.focus();
    }));
    body.insertBefore(row, before);
    return row;
  };

  const tool = (sign, name, act) => {
    const made = document.createElement('button');
    Object.assign(made, { type: 'button', textContent: sign, title: name });
    made.setAttribute('aria-label', name);
    made.addEventListener('click', act);
    return made;
  };

  function paste(event, row, at) {
    const text = event.clipboardData.getData('text/plain').replace(/\r/g, '').replace(/\n$/, '');
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    let target = row;
    for (const line of text.split('\n')) {
      line.split('\t').forEach((cell, index) => {
        const input = cells(target)[at + index];
        if (input) put(input, escapeless(cell));
      });
      target = target.nextElementSibling ?? addRow();
    }
    if (target === body.lastElementChild && cells(target).every((cell) => !cell.value)) target.remove();
    write();
  }

  const show = () => {
    body.replaceChildren();
    const rows = read();
    for (const row of rows) addRow(row);
    if (!rows.length) addRow();
  };

  body.addEventListener('input', (event) => {
    event.stopPropagation();
    write();
  });
  // What others saved, or a kept text, is put into the text area.
  area.addEventListener('put', show);
  const add = Object.assign(document.createElement('button'), { type: 'button', className: 'button button--quiet', textContent: words.add });
  add.addEventListener('click', () => cells(addRow())[0].focus());
  const asText = Object.assign(document.createElement('button'), { type: 'button', className: 'button button--quiet', textContent: words.text });
  asText.setAttribute('aria-pressed', 'false');
  const toggle = (text) => {
    area.hidden = !text;
    box.hidden = text;
    add.hidden = text;
    asText.setAttribute('aria-pressed', String(text));
    if (!text) show();
  };
  asText.addEventListener('click', () => toggle(area.hidden));
  // Whoever is led to this field comes to its table.
  const id = area.id;
  const lead = () => {
    if (area.hidden && location.hash === `#${id}`) cells(body)[0]?.focus();
  };
  addEventListener('hashchange', lead);
  area.focus = (options) => (area.hidden ? cells(body)[0]?.focus(options) : HTMLElement.prototype.focus.call(area, options));
  const label = field.querySelector('label');
  label.addEventListener('click', () => area.hidden && cells(body)[0]?.focus());
  const actions = document.createElement('div');
  actions.className = 'form-actions';
  actions.append(add, asText);
  area.after(box, actions);
  toggle(false);
  lead();
}

/**
 * The same toolbar for a plain text field: it writes Markdown around the
 * selection. Used for the source view, and by pages where the visual editor
 * cannot load.
 */
import { createAsk } from './ask.js'
import { createAlert } from './alert.js'
import { captionTitle, documentTitle } from './dialect.js'
import { chooseFile } from './files.js'
import { createToolbar } from './toolbar.js'
import { addressAndTitle, escapeText } from './write-inline.js'
import { WORDS } from './words.js'

/**
 * @param {HTMLTextAreaElement} textarea
 * @param {object} options
 * @param {Partial<import('./words.js').Words>} [options.words]
 * @param {import('./ask.js').Ask} [options.ask]
 * @param {(file: File) => Promise<{ path: string, alt?: string }>} [options.upload]
 * @param {(file: File) => Promise<{ markdown: string }>} [options.readWord]
 * @param {() => void} [options.toVisual] shows a button that leads back
 * @returns {{ dom: HTMLElement, destroy(): void }}
 */
export function attachToolbar(textarea, { words: given = {}, ask: givenAsk, upload, readWord, toVisual } = {}) {
  const words = { ...WORDS, ...given }
  const ask = givenAsk ?? createAsk(words)
  const alert = createAlert(words)
  const text = new TextField(textarea)

  async function insertLink() {
    const selected = text.selected()
    const answer = await text.during(ask('link', { href: '', text: selected }))
    if (!answer) return
    const shown = escapeText(answer.text || answer.href, 1, false)
    text.replaceSelection(`[${shown}](${addressAndTitle(answer.href, null)})`)
  }

  async function insertDocument() {
    const title = text.selected()
    const answer = await text.during(ask('document', { title, number: '', date: '', href: '' }))
    if (!answer) return
    const facts = { number: answer.number ?? '', date: answer.date ?? '' }
    text.insertBlock(`[${escapeText(answer.title, 1, false)}](${addressAndTitle(answer.href, documentTitle(facts))})`)
  }

  /** @param {File} file */
  async function insertPicture(file) {
    if (!upload) return
    try {
      const stored = await upload(file)
      const answer = await text.during(ask('figure', { path: stored.path, alt: stored.alt ?? '', caption: '', credit: '' }))
      const { alt = stored.alt ?? '', caption = '', credit = '' } = answer ?? {}
      text.insertBlock(`![${escapeText(alt, 1, false)}](${addressAndTitle(stored.path, captionTitle({ caption, credit }))})`)
      alert.clear()
    } catch (error) {
      alert.show(error, words.uploadFailed)
    }
  }

  /** @param {File} file */
  async function insertWord(file) {
    if (!readWord) return
    try {
      text.insertBlock((await readWord(file)).markdown.trim())
      alert.clear()
    } catch (error) {
      alert.show(error, words.wordFailed)
    }
  }

  const heading = (/** @type {number} */ level) => () => text.prefixLines('#'.repeat(level) + ' ', /^#{1,6} +/)
  const cell = words.sampleText
  const head = words.sampleHeader

  const actions = {
    bold: () => text.wrap('**', words.sampleText),
    italic: () => text.wrap('*', words.sampleText),
    link: insertLink,
    undo: () => text.command('undo'),
    redo: () => text.command('redo'),
  }

  const toolbar = createToolbar({
    words,
    groups: [
      ...(toVisual ? [{ tools: [{ name: /** @type {const} */ ('toVisual'), run: toVisual }] }] : []),
      {
        tools: [
          { name: 'heading2', keys: 'Control+Alt+2', run: heading(2) },
          { name: 'heading3', keys: 'Control+Alt+3', run: heading(3) },
          { name: 'heading4', keys: 'Control+Alt+4', run: heading(4) },
        ],
      },
      {
        tools: [
          { name: 'bold', keys: 'Control+B', run: actions.bold },
          { name: 'italic', keys: 'Control+I', run: actions.italic },
          { name: 'strike', run: () => text.wrap('~~', words.sampleText) },
          { name: 'link', keys: 'Control+K', run: insertLink },
        ],
      },
      {
        tools: [
          { name: 'bulletList', run: () => text.prefixLines('- ', /^[-*+] +/) },
          { name: 'orderedList', run: () => text.prefixLines((index) => `${index + 1}. `, /^\d{1,9}[.)] +/) },
          { name: 'quote', run: () => text.prefixLines('> ', /^> ?/) },
          { name: 'callout', run: () => text.callout(words.sampleText) },
        ],
      },
      {
        tools: [
          ...(upload ? [{ name: /** @type {const} */ ('picture'), run: () => chooseFile('image/*', insertPicture) }] : []),
          { name: 'document', run: insertDocument },
          { name: 'table', run: () => text.insertBlock(`| ${head} | ${head} |\n| --- | --- |\n| ${cell} | ${cell} |`) },
          { name: 'rule', run: () => text.insertBlock('---') },
          ...(readWord ? [{ name: /** @type {const} */ ('word'), run: () => chooseFile('.docx', insertWord) }] : []),
        ],
      },
      {
        tools: [
          { name: 'undo', keys: 'Control+Z', run: actions.undo },
          { name: 'redo', keys: 'Control+Shift+Z', run: actions.redo },
        ],
      },
    ],
  })

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (!(event.ctrlKey || event.metaKey)) return
    const run = event.altKey
      ? { Digit2: heading(2), Digit3: heading(3), Digit4: heading(4) }[event.code]
      : !event.shiftKey && { b: actions.bold, i: actions.italic, k: actions.link }[event.key.toLowerCase()]
    if (!run) return
    event.preventDefault()
    run()
  }

  textarea.addEventListener('keydown', onKey)
  textarea.before(toolbar.dom, alert.dom)
  return {
    dom: toolbar.dom,
    destroy() {
      textarea.removeEventListener('keydown', onKey)
      toolbar.dom.remove()
      alert.dom.remove()
    },
  }
}

/** A text field whose own undo knows what the toolbar wrote. */
class TextField {
  /** @param {HTMLTextAreaElement} field */
  constructor(field) {
    this.field = field
  }

  selected() {
    return this.field.value.slice(this.field.selectionStart, this.field.selectionEnd)
  }

  /**
   * Waits for a dialog and comes back to the selection, which the browser may
   * have moved meanwhile.
   * @template T @param {Promise<T>} dialog
   */
  async during(dialog) {
    const { selectionStart, selectionEnd } = this.field
    const answer = await dialog
    this.field.focus()
    this.field.setSelectionRange(selectionStart, selectionEnd)
    return answer
  }

  /** @param {'undo' | 'redo'} name */
  command(name) {
    this.field.focus()
    document.execCommand(name)
  }

  /** @param {string} text */
  replaceSelection(text) {
    const { field } = this
    field.focus()
    const from = field.selectionStart
    const expected = field.value.slice(0, from) + text + field.value.slice(field.selectionEnd)
    // Deprecated, but the one way to write that the field's undo can take back.
    const done = text
      ? document.execCommand('insertText', false, text)
      : from === field.selectionEnd || document.execCommand('delete')
    if (done && field.value === expected) return
    field.value = expected
    field.setSelectionRange(from + text.length, from + text.length)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }

  /** Sets the mark around the selection, or takes it away. @param {string} mark @param {string} sample */
  wrap(mark, sample) {
    const { field } = this
    let { selectionStart: from, selectionEnd: to, value } = field
    // A mark must touch the words it marks.
    while (from < to && /\s/.test(value[from])) from++
    while (to > from && /\s/.test(value[to - 1])) to--
    const marked = value.slice(from - mark.length, from) === mark && value.slice(to, to + mark.length) === mark
    // One asterisk beside another is bold, not italic.
    const whole = mark !== '*' || value[from - 2] !== '*' || value[from - 3] === '*'
    if (marked && whole && from >= mark.length) {
      field.setSelectionRange(from - mark.length, to + mark.length)
      this.replaceSelection(value.slice(from, to))
      field.setSelectionRange(from - mark.length, to - mark.length)
      return
    }
    const inner = value.slice(from, to) || sample
    field.setSelectionRange(from, to)
    this.replaceSelection(mark + inner + mark)
    field.setSelectionRange(from + mark.length, from + mark.length + inner.length)
  }

  /** The whole lines that the selection touches. */
  selectLines() {
    const { field } = this
    const { value } = field
    const from = value.lastIndexOf('\n', field.selectionStart - 1) + 1
    const end = value.indexOf('\n', Math.max(field.selectionEnd - 1, field.selectionStart))
    const to = end < 0 ? value.length : end
    field.setSelectionRange(from, to)
    return value.slice(from, to).split('\n')
  }

  /**
   * Puts a prefix before each selected line, or takes it away if all have it.
   * @param {string | ((index: number) => string)} prefix @param {RegExp} known
   */
  prefixLines(prefix, known) {
    const from = this.field.value.lastIndexOf('\n', this.field.selectionStart - 1) + 1
    const lines = this.selectLines()
    const lead = typeof prefix === 'string' ? () => prefix : prefix
    const all = lines.every((line, index) => line.startsWith(lead(index)))
    const text = lines
      .map((line, index) => (all ? '' : lead(index)) + line.replace(known, ''))
      .join('\n')
    this.replaceSelection(text)
    const caret = from + text.length
    this.field.setSelectionRange(lines.length > 1 ? from : caret, caret)
  }

  /** @param {string} sample */
  callout(sample) {
    const lines = this.selectLines()
    const inner = lines.join('').trim() ? lines : [sample]
    this.insertBlock(['[!NOTE]', ...inner].map((line) => `> ${line}`.trimEnd()).join('\n'))
  }

  /** Writes a block in place of the selection, with blank lines around it. @param {string} block */
  insertBlock(block) {
    const { field } = this
    const before = field.value.slice(0, field.selectionStart)
    const after = field.value.slice(field.selectionEnd)
    const lead = /(^|\n\n)$/.test(before) ? '' : before.endsWith('\n') ? '\n' : '\n\n'
    const trail = after === '' ? '\n' : after.startsWith('\n\n') ? '' : after.startsWith('\n') ? '\n' : '\n\n'
    this.replaceSelection(lead + block + trail)
  }
}

/**
 * The visual editor of the desk: shows an announcement's Markdown as it will
 * look, and gives back the same Markdown but for what was changed.
 */
import { createAlert } from './alert.js'
import { createAsk } from './ask.js'
import { insertBlocks } from './commands.js'
import { element } from './element.js'
import { restoreEndings } from './line-endings.js'
import { linesOf, readBlocks } from './read-markdown.js'
import { replaceText } from './replace-text.js'
import { SourceBook } from './source-book.js'
import { attachToolbar } from './textarea.js'
import { editSelectedBlock } from './node-views.js'
import { createVisual, pointTo } from './visual.js'
import { WORDS } from './words.js'

export { attachToolbar, createAsk, WORDS }

/**
 * @typedef {object} Options
 * @property {HTMLElement} place gets the toolbar and the editing surface
 * @property {string} [markdown]
 * @property {Partial<import('./words.js').Words>} [words]
 * @property {() => void} [onChange] called once for all changes of a task
 * @property {(file: File) => Promise<{ path: string, alt?: string }>} [upload]
 * @property {(file: File) => Promise<{ markdown: string }>} [readWord]
 * @property {import('./ask.js').Ask} [ask]
 * @property {(path: string) => string} [pictureUrl]
 * @property {string} [lang] of the text; else the page's
 */

/** @param {Options} options */
export function openEditor({
  place,
  markdown = '',
  words: givenWords = {},
  onChange = () => {},
  upload,
  readWord,
  ask: givenAsk,
  pictureUrl = (path) => path,
  lang = document.documentElement.lang || 'vi',
}) {
  const words = { ...WORDS, ...givenWords }
  const ask = givenAsk ?? createAsk(words)
  const alert = createAlert(words)
  const book = new SourceBook()

  let changeTold = true
  let destroyed = false
  function changed() {
    if (!changeTold) return
    changeTold = false
    queueMicrotask(() => {
      changeTold = true
      if (!destroyed) onChange()
    })
  }

  const surface = element('div')
  const visual = createVisual({
    place: surface,
    doc: book.read(markdown),
    means: {
      words, ask, alert, upload, readWord, pictureUrl, lang,
      readNodes: (text) => readBlocks(text, { verify: true }).map(({ node }) => node),
    },
    onChange: changed,
    toSource,
  })
  const { view } = visual
  const visualPart = element('div', { class: 'editor-visual' }, visual.toolbar.dom, alert.dom, surface)
  const root = element('div', { class: 'editor' }, visualPart)
  place.append(root)

  /** @type {{ part: HTMLElement, field: HTMLTextAreaElement, original: string, detach(): void } | null} */
  let source = null

  /** @param {string} text */
  function replaceVisual(text) {
    if (text === book.text(view.state.doc)) return
    view.dispatch(replaceText(view.state, book.read(text)))
  }

  function toSource() {
    const original = book.text(view.state.doc)
    const { placed } = book.write(view.state.doc)
    const { $from } = view.state.selection
    const at = $from.depth ? $from.before(1) : $from.pos
    const line = placed.findLast(({ pos }) => pos <= at)?.firstLine ?? 1
    const field = element('textarea', {
      class: 'editor-surface editor-markdown',
      'aria-label': words.source,
      lang,
      spellcheck: 'true',
      input: changed,
    })
    field.value = original
    const part = element('div', { class: 'editor-text' }, field)
    const { destroy: detach } = attachToolbar(field, { words, ask, upload, readWord, toVisual })
    source = { part, field, original, detach }
    visualPart.hidden = true
    root.append(part)
    showLine(field, line, false)
  }

  function toVisual() {
    if (!source) return
    const { part, field, detach } = source
    const text = markdownInField()
    const line = field.value.slice(0, field.selectionStart).split('\n').length
    detach()
    part.remove()
    source = null
    visualPart.hidden = false
    replaceVisual(text)
    const block = book.blockAtLine(view.state.doc, line)
    if (block) pointTo(view, block.pos)
    else view.focus()
  }

  function markdownInField() {
    return source ? restoreEndings(source.original, source.field.value) : ''
  }

  const markdownNow = () => (source ? markdownInField() : book.text(view.state.doc))

  return {
    /** The present Markdown. */
    markdown: markdownNow,

    /** Replaces the whole text; can be undone. @param {string} text */
    setMarkdown(text) {
      if (source) {
        const { selectionStart, selectionEnd } = source.field
        source.original = text
        source.field.value = text
        source.field.setSelectionRange(selectionStart, selectionEnd)
        changed()
      }
      replaceVisual(text)
    },

    /** Puts blocks behind the block that the caret is in. @param {string} text Markdown */
    insert(text) {
      if (source) {
        const { field } = source
        const at = field.value.indexOf('\n', field.selectionEnd)
        field.setRangeText(`\n\n${text}\n`, at < 0 ? field.value.length : at, at < 0 ? field.value.length : at, 'end')
        changed()
        return
      }
      const blocks = readBlocks(text, { verify: true }).map(({ node }) => node)
      view.dispatch(insertBlocks(view.state.tr, view.state.selection.to, blocks))
      view.focus()
    },

    isEmpty: () => markdownNow().trim() === '',

    focus() {
      if (source) source.field.focus()
      else view.focus()
    },

    /**
     * Shows the block that holds a line of the Markdown.
     * @param {number} line from 1
     * @param {boolean} [edit] whether a picture or a document there is opened to be described
     */
    selectBlockAtLine(line, edit = false) {
      if (source) {
        showLine(source.field, line, true)
        return
      }
      const block = book.blockAtLine(view.state.doc, line)
      if (block) pointTo(view, block.pos)
      if (edit) editSelectedBlock(view.state, () => {}, view)
    },

    destroy() {
      destroyed = true
      source?.detach()
      view.destroy()
      root.remove()
    },
  }
}

/** @param {HTMLTextAreaElement} field @param {number} line @param {boolean} select */
function showLine(field, line, select) {
  const lines = linesOf(field.value)
  const from = lines.slice(0, line - 1).join('').length
  const to = from + (lines[line - 1] ?? '').replace(/\n$/, '').length
  field.focus()
  field.setSelectionRange(from, select ? to : from)
  // No browser scrolls a text field to its selection: go by the share of lines.
  field.scrollTop = (field.scrollHeight * (line - 1)) / Math.max(1, lines.length) - field.clientHeight / 3
}

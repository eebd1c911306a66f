/** How figures, documents, call-outs, source blocks and tables look and are handled. */
import { NodeSelection } from 'prosemirror-state'
import { moveNode } from './commands.js'
import { CALLOUT_KINDS } from './dialect.js'
import { element } from './element.js'
import { icon } from './icons.js'
import { schema } from './schema.js'

/** @typedef {import('prosemirror-model').Node} PmNode */
/** @typedef {import('prosemirror-view').EditorView} EditorView */

/**
 * @typedef {object} Surroundings
 * @property {import('./words.js').Words} words
 * @property {import('./ask.js').Ask} ask
 * @property {(path: string) => string} pictureUrl
 * @property {string} lang
 * @property {(text: string) => PmNode[]} readNodes
 */

const { nodes } = schema

/** @param {Surroundings} surroundings */
export function nodeViews(surroundings) {
  /** @param {any} View */
  const make = (View) => (/** @type {PmNode} */ node, /** @type {EditorView} */ view, /** @type {() => number | undefined} */ getPos) =>
    new View(node, view, getPos, surroundings)
  return {
    figure: make(FigureView),
    document: make(DocumentView),
    callout: make(CalloutView),
    source: make(SourceView),
    table: () => new TableView(),
  }
}

class BlockView {
  /** @param {PmNode} node @param {EditorView} view @param {() => number | undefined} getPos @param {Surroundings} surroundings */
  constructor(node, view, getPos, surroundings) {
    /** @type {PmNode} */
    this.node = node
    this.view = view
    this.getPos = getPos
    this.surroundings = surroundings
  }

  /** Shows what the node holds; each kind of block has its own. */
  show() {}

  /** @param {PmNode} node */
  update(node) {
    if (node.type !== this.node.type) return false
    this.node = node
    this.show()
    return true
  }

  /** @param {Record<string, unknown>} attrs */
  setAttrs(attrs) {
    const pos = this.getPos()
    if (pos == null) return
    this.view.dispatch(this.view.state.tr.setNodeMarkup(pos, null, { ...this.node.attrs, ...attrs }))
  }

  /** @param {-1 | 1} direction */
  move(direction) {
    const pos = this.getPos()
    const tr = pos == null ? null : moveNode(this.view.state.tr, pos, direction)
    if (tr) this.view.dispatch(tr.scrollIntoView())
  }

  remove() {
    const pos = this.getPos()
    if (pos == null) return
    const { tr } = this.view.state
    // A document is never without a block.
    if (tr.doc.childCount === 1 && tr.doc.child(0) === this.node) tr.replaceWith(0, tr.doc.content.size, nodes.paragraph.create())
    else tr.delete(pos, pos + this.node.nodeSize)
    this.view.dispatch(tr.scrollIntoView())
    this.view.focus()
  }

  /**
   * The buttons on the block.
   * @param {{ name: 'edit' | 'editAsText', run(): void } | null} edit
   */
  actions(edit) {
    const { words } = this.surroundings
    const button = (/** @type {keyof typeof words} */ name, /** @type {any} */ drawing, /** @type {() => void} */ click) => {
      const made = element('button', { type: 'button', class: 'editor-tool', 'aria-label': words[name], title: words[name], click })
      made.append(icon(drawing))
      return made
    }
    return element(
      'div',
      { class: 'editor-actions', contenteditable: 'false' },
      edit && button(edit.name, 'edit', edit.run),
      button('moveUp', 'moveUp', () => this.move(-1)),
      button('moveDown', 'moveDown', () => this.move(1)),
      button('delete', 'delete', () => this.remove()),
    )
  }

  /** Buttons, lists and text fields on the block are not the editor's to handle. @param {Event} event */
  stopEvent(event) {
    return event.target instanceof Element && !!event.target.closest('button, select, textarea')
  }

  /** @param {any} _mutation */
  ignoreMutation(_mutation) {
    return true
  }
}

/** Opens what the selected block is edited with. @type {import('prosemirror-state').Command} */
export function editSelectedBlock({ selection }, dispatch, view) {
  if (!(selection instanceof NodeSelection) || selection.node.type === nodes.callout) return false
  const dom = view?.nodeDOM(selection.from)
  const button = dom instanceof HTMLElement ? dom.querySelector('.editor-actions button') : null
  if (!(button instanceof HTMLElement)) return false
  if (dispatch) button.click()
  return true
}

class FigureView extends BlockView {
  /** @param {ConstructorParameters<typeof BlockView>} given */
  constructor(...given) {
    super(...given)
    this.picture = element('img', {})
    this.caption = element('figcaption', {})
    this.dom = element('figure', { class: 'editor-figure', contenteditable: 'false' }, this.picture, this.caption,
      this.actions({ name: 'edit', run: () => this.edit() }))
    this.show()
  }

  show() {
    const { words, pictureUrl } = this.surroundings
    const { src, alt, caption, credit } = this.node.attrs
    const url = pictureUrl(src)
    if (this.picture.getAttribute('src') !== url) this.picture.src = url
    this.picture.alt = alt || words.figure
    this.caption.replaceChildren(
      ...[caption, credit].filter(Boolean).map((text, index) =>
        element('span', { class: index || !caption ? 'editor-credit' : null }, text)),
    )
    if (!alt.trim()) this.caption.append(element('strong', { class: 'editor-lack' }, words.figureNoAlt))
  }

  async edit() {
    const { src, alt, caption, credit } = this.node.attrs
    const answer = await this.surroundings.ask('figure', { path: src, alt, caption, credit })
    if (answer) this.setAttrs({ alt: answer.alt ?? alt, caption: answer.caption ?? '', credit: answer.credit ?? '' })
    this.view.focus()
  }
}

class DocumentView extends BlockView {
  /** @param {ConstructorParameters<typeof BlockView>} given */
  constructor(...given) {
    super(...given)
    this.title = element('strong', {})
    this.facts = element('span', {})
    this.dom = element('div', { class: 'editor-document', contenteditable: 'false' },
      element('span', { class: 'editor-document-icon' }),
      element('p', {}, this.title, this.facts),
      this.actions({ name: 'edit', run: () => this.edit() }))
    this.dom.firstElementChild?.append(icon('document'))
    this.show()
  }

  show() {
    const { title, number, date } = this.node.attrs
    this.title.textContent = title
    this.facts.textContent = [number, this.shownDate(date)].filter(Boolean).join(' · ')
  }

  /** @param {string} date */
  shownDate(date) {
    const time = new Date(`${date}T00:00:00Z`)
    if (Number.isNaN(time.getTime())) return date
    return time.toLocaleDateString(this.surroundings.lang, { timeZone: 'UTC', day: '2-digit', month: '2-digit', year: 'numeric' })
  }

  async edit() {
    const { href, title, number, date } = this.node.attrs
    const answer = await this.surroundings.ask('document', { href, title, number, date })
    if (answer) {
      this.setAttrs({
        href: answer.href ?? href,
        title: answer.title || title,
        number: answer.number ?? '',
        date: answer.date || date,
      })
    }
    this.view.focus()
  }
}

class CalloutView extends BlockView {
  /** @param {ConstructorParameters<typeof BlockView>} given */
  constructor(...given) {
    super(...given)
    const { words } = this.surroundings
    const names = [words.calloutNote, words.calloutImportant, words.calloutWarning]
    this.kind = element(
      'select',
      { 'aria-label': words.calloutKind, change: () => this.setAttrs({ kind: this.kind.value }) },
      ...CALLOUT_KINDS.map((kind, index) => element('option', { value: kind }, names[index])),
    )
    this.contentDOM = element('div', { class: 'editor-callout-body' })
    this.dom = element('div', { class: 'editor-callout' },
      element('div', { class: 'editor-callout-head', contenteditable: 'false' }, this.kind, this.actions(null)),
      this.contentDOM)
    this.show()
  }

  show() {
    this.kind.value = this.node.attrs.kind
    this.dom.dataset.kind = this.node.attrs.kind
  }

  /** @param {any} mutation */
  ignoreMutation(mutation) {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target)
  }
}

class SourceView extends BlockView {
  /** @param {ConstructorParameters<typeof BlockView>} given */
  constructor(...given) {
    super(...given)
    const { words } = this.surroundings
    this.text = element('pre', {})
    /** @type {HTMLTextAreaElement | null} */
    this.field = null
    this.done = element('button', { type: 'button', class: 'editor-button', hidden: true, click: () => this.finish() }, words.done)
    this.dom = element('div', { class: 'editor-source', contenteditable: 'false' },
      element('p', { class: 'editor-source-label' }, words.sourceBlock),
      this.text,
      this.done,
      this.actions({ name: 'editAsText', run: () => this.edit() }))
    this.show()
  }

  show() {
    const { text } = this.node.attrs
    this.text.textContent = text
    if (this.field && this.field.value !== text) this.field.value = text
  }

  edit() {
    if (this.field) return this.field.focus()
    const { words } = this.surroundings
    const field = element('textarea', {
      'aria-label': words.editAsText,
      spellcheck: 'false',
      // What is typed is in the document at once, so that nothing can be lost.
      input: () => this.setAttrs({ text: field.value }),
    })
    field.value = this.node.attrs.text
    field.rows = Math.min(20, field.value.split('\n').length + 1)
    this.field = field
    this.text.replaceWith(field)
    this.done.hidden = false
    field.focus()
  }

  /** What the text says now may be more than source. */
  finish() {
    const pos = this.getPos()
    if (pos == null || !this.field) return
    const { tr } = this.view.state
    this.field.replaceWith(this.text)
    this.field = null
    this.done.hidden = true
    const read = this.surroundings.readNodes(this.node.attrs.text)
    const same = read.length === 1 && read[0].type === this.node.type
    if (!same) {
      const blocks = read.length ? read : [nodes.paragraph.create()]
      // The first one stands where this block stood.
      blocks[0] = blocks[0].type.create({ ...blocks[0].attrs, origin: this.node.attrs.origin }, blocks[0].content)
      this.view.dispatch(tr.replaceWith(pos, pos + this.node.nodeSize, blocks))
    }
    this.view.focus()
  }

  /** @param {Event} event */
  stopEvent(event) {
    return super.stopEvent(event) || (this.field != null && event.target === this.field)
  }
}

/** A wide table scrolls by itself instead of widening the page. */
class TableView {
  constructor() {
    this.contentDOM = element('tbody', {})
    this.dom = element('div', { class: 'editor-table' }, element('table', {}, this.contentDOM))
  }
}

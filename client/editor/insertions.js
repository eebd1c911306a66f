/** What is put in after asking or uploading: links, pictures, documents, Word files. */
import { NodeSelection } from 'prosemirror-state'
import { insertBlocks, linkAt, setLink } from './commands.js'
import { safeHref } from './dialect.js'
import { schema } from './schema.js'
import { markUpload } from './uploads.js'

/** @typedef {import('prosemirror-view').EditorView} EditorView */

/**
 * @typedef {object} Means
 * @property {import('./words.js').Words} words
 * @property {import('./ask.js').Ask} ask
 * @property {import('./alert.js').AlertPlace} alert
 * @property {((file: File) => Promise<{ path: string, alt?: string }>) | undefined} upload
 * @property {((file: File) => Promise<{ markdown: string }>) | undefined} readWord
 * @property {(text: string) => import('prosemirror-model').Node[]} readNodes
 */

const { nodes, marks } = schema

export class Insertions {
  /** @param {() => EditorView} view @param {Means} means */
  constructor(view, means) {
    this.currentView = view
    this.means = means
    /** @type {Set<{ from: number, to: number }>} */
    this.ranges = new Set()
    /** Uploads that are still under way. */
    this.pending = 0
    /** One dialog after the other. @type {Promise<unknown>} */
    this.dialogs = Promise.resolve()
  }

  /**
   * Keeps a range at its words while a dialog is open: the browser moves the
   * caret when the focus comes back, and another's changes may be merged in.
   * @template T @param {{ from: number, to: number }} range @param {Promise<T>} dialog
   */
  async during(range, dialog) {
    this.ranges.add(range)
    try {
      return await dialog
    } finally {
      this.ranges.delete(range)
    }
  }

  /** @param {import('prosemirror-transform').Mapping} mapping */
  follow(mapping) {
    for (const range of this.ranges) {
      range.from = mapping.map(range.from, 1)
      range.to = Math.max(range.from, mapping.map(range.to, -1))
    }
  }

  get view() {
    return this.currentView()
  }

  async link() {
    const { state } = this.view
    if (!state.selection.$from.parent.type.allowsMarkType(marks.link)) return
    const present = linkAt(state)
    const { from, to } = present ?? state.selection
    const text = state.doc.textBetween(from, to, ' ', ' ')
    const range = { from, to }
    const answer = await this.during(range, this.means.ask('link', { href: present?.mark.attrs.href ?? '', text }))
    if (answer && !this.view.isDestroyed) {
      const href = safeHref(answer.href ?? '')
      const { tr } = this.view.state
      if (answer.href === '') tr.removeMark(range.from, range.to, marks.link)
      else if (href) setLink(tr, range, href, answer.text || (range.from === range.to ? href : ''))
      this.view.dispatch(tr.scrollIntoView())
    }
    this.view.focus()
  }

  async document() {
    const { selection, doc } = this.view.state
    const title = selection instanceof NodeSelection ? '' : doc.textBetween(selection.from, selection.to, ' ', ' ')
    const range = { from: selection.from, to: selection.to }
    const answer = await this.during(range, this.means.ask('document', { title, number: '', date: '', href: '' }))
    if (answer && !this.view.isDestroyed) {
      const { title: name = '', number = '', date = '', href = '' } = answer
      this.insertAt(range.to, [nodes.document.create({ title: name, number, date, href })])
    }
    this.view.focus()
  }

  /** @param {File[]} files @param {number} [pos] */
  pictures(files, pos) {
    for (const file of files) this.picture(file, pos)
  }

  /** @param {File} file @param {number} [pos] */
  async picture(file, pos = this.view.state.selection.to) {
    const { words, upload, ask, alert } = this.means
    if (!upload) return
    const stored = await this.waitFor(pos, words.uploading, file, () => upload(file), words.uploadFailed)
    if (!stored) return
    const { alt = '', path } = stored.result
    const asked = this.dialogs.then(() => ask('figure', { path, alt, caption: '', credit: '' }))
    this.dialogs = asked.catch(() => null)
    const answer = await asked
    const place = stored.mark.finish()
    if (this.view.isDestroyed) return
    this.pending--
    // Without an answer the picture still goes in, and says what it lacks.
    const figure = nodes.figure.create({
      src: path,
      alt: answer?.alt ?? alt,
      caption: answer?.caption ?? '',
      credit: answer?.credit ?? '',
    })
    this.insertAt(place ?? this.view.state.selection.to, [figure])
    alert.clear()
    this.view.focus()
  }

  /** @param {File} file @param {number} [pos] */
  async word(file, pos = this.view.state.selection.to) {
    const { words, readWord, readNodes, alert } = this.means
    if (!readWord) return
    const read = await this.waitFor(pos, words.readingWord, file, () => readWord(file), words.wordFailed)
    if (!read) return
    const place = read.mark.finish()
    if (this.view.isDestroyed) return
    this.pending--
    const blocks = readNodes(read.result.markdown)
    if (blocks.length) this.insertAt(place ?? this.view.state.selection.to, blocks)
    alert.clear()
    this.view.focus()
  }

  /** @param {number} pos @param {import('prosemirror-model').Node[]} blocks */
  insertAt(pos, blocks) {
    this.view.dispatch(insertBlocks(this.view.state.tr, pos, blocks))
  }

  /**
   * Marks the place while a file is worked on; null if that failed and was told.
   * @template T
   * @param {number} pos @param {string} label @param {File} file
   * @param {() => Promise<T>} work @param {string} failed
   */
  async waitFor(pos, label, file, work, failed) {
    const mark = markUpload(this.view, pos, label.replace('{name}', file.name))
    this.pending++
    try {
      return { result: await work(), mark }
    } catch (error) {
      this.pending--
      mark.finish()
      this.means.alert.show(error, failed)
      return null
    }
  }
}

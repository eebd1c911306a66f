/** The visual editing surface and the tools that belong to it. */
import { setBlockType, toggleMark } from 'prosemirror-commands'
import { dropCursor } from 'prosemirror-dropcursor'
import { gapCursor } from 'prosemirror-gapcursor'
import { history, redo, redoDepth, undo, undoDepth } from 'prosemirror-history'
import { EditorState, NodeSelection, Plugin, PluginKey, TextSelection } from 'prosemirror-state'
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, isInTable, tableEditing } from 'prosemirror-tables'
import { Decoration, DecorationSet, EditorView } from 'prosemirror-view'
import { isBlank } from './canonical.js'
import {
  hasMark, indent, insertBlocks, isHeading, isInside, linkAt, outdent, removeLink, toggleHeading, toggleList, toggleWrap,
} from './commands.js'
import { chooseFile, usableFiles } from './files.js'
import { Insertions } from './insertions.js'
import { editorKeys, typingRules } from './keys.js'
import { nodeViews } from './node-views.js'
import { cleanPastedHtml, hasText, oneLine, plainTextSlice } from './paste.js'
import { schema } from './schema.js'
import { emptyTable, tableShape } from './tables.js'
import { createToolbar } from './toolbar.js'
import { uploads } from './uploads.js'

/** @typedef {import('prosemirror-state').Command} Command */

const { nodes, marks } = schema

/**
 * @param {object} options
 * @param {HTMLElement} options.place
 * @param {import('prosemirror-model').Node} options.doc
 * @param {import('./node-views.js').Surroundings & import('./insertions.js').Means} options.means
 * @param {() => void} options.onChange
 * @param {() => void} options.toSource
 */
export function createVisual({ place, doc, means, onChange, toSource }) {
  const { words, lang } = means
  const insertions = new Insertions(() => view, means)

  const state = EditorState.create({
    doc,
    plugins: [
      typingRules,
      ...editorKeys({ editLink: () => void insertions.link(), focusToolbar: () => toolbar.focus() }),
      history(),
      dropCursor({ class: 'editor-dropcursor', color: false, width: 3 }),
      gapCursor(),
      tableEditing({ allowTableNodeSelection: true }),
      tableShape,
      uploads,
      pointedBlock,
      placeholder(words.placeholder),
    ],
  })

  const view = new EditorView({ mount: place }, {
    state,
    nodeViews: nodeViews(means),
    attributes: {
      class: 'editor-surface',
      role: 'textbox',
      'aria-multiline': 'true',
      'aria-label': words.surface,
      spellcheck: 'true',
      lang,
    },
    // The toolbar sticks to the top; the caret must not hide beneath it.
    scrollMargin: { top: 72, bottom: 24, left: 0, right: 0 },
    scrollThreshold: { top: 72, bottom: 24, left: 0, right: 0 },
    dispatchTransaction(tr) {
      const before = view.state.doc
      view.updateState(view.state.apply(tr))
      insertions.follow(tr.mapping)
      toolbar.update()
      if (!view.state.doc.eq(before)) onChange()
    },
    transformPastedHTML: cleanPastedHtml,
    clipboardTextParser: (text, $context) => plainTextSlice(text, $context),
    handlePaste(_, event, slice) {
      const { pictures, words: documents } = usableFiles(event.clipboardData)
      // Word puts a picture of the copied text beside the text.
      if ((pictures.length || documents.length) && !hasText(event.clipboardData?.getData('text/html') ?? '')) {
        insertions.pictures(pictures)
        for (const file of documents) void insertions.word(file)
        return true
      }
      return pasteAsLine(view, slice)
    },
    handleDrop(_, event, __, moved) {
      // A picture dragged inside the text also comes as a file.
      if (moved || view.dragging) return false
      const { pictures, words: documents } = usableFiles(event.dataTransfer)
      if (!pictures.length && !documents.length) return false
      event.preventDefault()
      const pos = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? view.state.selection.to
      insertions.pictures(pictures, pos)
      for (const file of documents) void insertions.word(file, pos)
      return true
    },
    handleDOMEvents: {
      click: (_, event) => {
        typeBelow(view, event)
        return false
      },
    },
  })
  const toolbar = createToolbar({ words, groups: toolGroups(view, insertions, means, toSource) })
  return { view, toolbar, insertions }
}

/** A cell or heading takes what is pasted as one line. @param {EditorView} view @param {import('prosemirror-model').Slice} slice */
function pasteAsLine(view, slice) {
  const { parent } = view.state.selection.$from
  if (![nodes.heading, nodes.table_cell, nodes.table_header].includes(parent.type)) return false
  const first = slice.content.firstChild
  const isTable = first?.type === nodes.table || first?.type === nodes.table_row
  const isLine = slice.content.childCount <= 1 && (first?.isInline || first?.isTextblock) &&
    !first.textContent.includes('\n')
  // In a heading, several blocks are several blocks.
  if (isTable || isLine || (parent.type === nodes.heading && slice.content.childCount > 1)) return false
  const text = oneLine(slice)
  if (!text) return false
  view.dispatch(view.state.tr.insertText(text).scrollIntoView())
  return true
}

/** A click under the last block starts a paragraph there. @param {EditorView} view @param {MouseEvent} event */
function typeBelow(view, event) {
  if (event.target !== view.dom) return
  const last = view.dom.lastElementChild
  if (!last || event.clientY <= last.getBoundingClientRect().bottom) return
  const { doc, tr } = view.state
  if (!(doc.lastChild && isBlank(doc.lastChild))) tr.insert(doc.content.size, nodes.paragraph.create())
  view.dispatch(tr.setSelection(TextSelection.atEnd(tr.doc)).scrollIntoView())
}

/** @param {string} text */
function placeholder(text) {
  return new Plugin({
    props: {
      decorations({ doc }) {
        const only = doc.childCount === 1 ? doc.child(0) : null
        if (!only || !isBlank(only)) return null
        return DecorationSet.create(doc, [
          Decoration.node(0, only.nodeSize, { class: 'editor-empty', 'data-placeholder': text }),
        ])
      },
    },
  })
}

/** @type {PluginKey<DecorationSet>} */
const pointedKey = new PluginKey('pointed')

/** The block that a message elsewhere on the page points to, until something is done. */
const pointedBlock = new Plugin({
  key: pointedKey,
  state: {
    init: () => DecorationSet.empty,
    apply(tr, set) {
      const at = tr.getMeta(pointedKey)
      if (at) return DecorationSet.create(tr.doc, [Decoration.node(at.from, at.to, { class: 'editor-pointed' })])
      return tr.docChanged || tr.selectionSet ? DecorationSet.empty : set
    },
  },
  props: { decorations: (state) => pointedKey.getState(state) },
})

/**
 * Shows a block and puts the caret at its start: were its text selected, the
 * next key would delete it.
 * @param {EditorView} view @param {number} pos
 */
export function pointTo(view, pos) {
  const node = view.state.doc.nodeAt(pos)
  if (!node) return
  const { tr, doc } = view.state
  const selection = node.isAtom
    ? NodeSelection.create(doc, pos)
    : TextSelection.near(doc.resolve(pos + 1))
  view.dispatch(tr.setSelection(selection).setMeta(pointedKey, { from: pos, to: pos + node.nodeSize }).scrollIntoView())
  view.focus()
  const dom = view.nodeDOM(pos)
  if (dom instanceof HTMLElement) dom.scrollIntoView({ block: 'nearest' })
}

/**
 * @param {EditorView} view @param {Insertions} insertions
 * @param {import('./insertions.js').Means} means @param {() => void} toSource
 * @returns {import('./toolbar.js').ToolGroup[]}
 */
function toolGroups(view, insertions, { words, upload, readWord }, toSource) {
  const run = (/** @type {Command} */ command) => () => {
    command(view.state, view.dispatch, view)
    view.focus()
  }
  const can = (/** @type {Command} */ command) => () => command(view.state, undefined, view)
  const is = (/** @type {(state: EditorState) => boolean} */ test) => () => test(view.state)
  const put = (/** @type {() => import('prosemirror-model').Node} */ make) => run((state, dispatch) => {
    dispatch?.(insertBlocks(state.tr, state.selection.to, [make()]))
    return true
  })
  /** @returns {import('./toolbar.js').Tool} */
  const mark = (/** @type {any} */ name, /** @type {import('prosemirror-model').MarkType} */ type, /** @type {string | undefined} */ keys = undefined) => ({
    name, keys, run: run(toggleMark(type)), pressed: is((state) => hasMark(state, type)), enabled: can(toggleMark(type)),
  })
  /** @returns {import('./toolbar.js').Tool} */
  const heading = (/** @type {any} */ name, /** @type {number} */ level) => ({
    name,
    keys: `Control+Alt+${level}`,
    run: run(toggleHeading(level)),
    pressed: is((state) => isHeading(state, level)),
    enabled: () => can(toggleHeading(level))() || can(setBlockType(nodes.paragraph))(),
  })
  return [
    { tools: [heading('heading2', 2), heading('heading3', 3), heading('heading4', 4)] },
    {
      tools: [
        mark('bold', marks.strong, 'Control+B'),
        mark('italic', marks.em, 'Control+I'),
        mark('strike', marks.strike),
        { name: 'link', keys: 'Control+K', run: () => void insertions.link(), pressed: is((state) => linkAt(state) != null) },
        { name: 'unlink', run: run(removeLink), enabled: can(removeLink) },
      ],
    },
    {
      tools: [
        { name: 'bulletList', run: run(toggleList(nodes.bullet_list)), pressed: is((state) => isInside(state, nodes.bullet_list)), enabled: can(toggleList(nodes.bullet_list)) },
        { name: 'orderedList', run: run(toggleList(nodes.ordered_list)), pressed: is((state) => isInside(state, nodes.ordered_list)), enabled: can(toggleList(nodes.ordered_list)) },
        { name: 'indent', keys: 'Control+]', run: run(indent), enabled: can(indent) },
        { name: 'outdent', keys: 'Control+[', run: run(outdent), enabled: can(outdent) },
        { name: 'quote', run: run(toggleWrap(nodes.blockquote)), pressed: is((state) => isInside(state, nodes.blockquote)), enabled: can(toggleWrap(nodes.blockquote)) },
        { name: 'callout', run: run(toggleWrap(nodes.callout)), pressed: is((state) => isInside(state, nodes.callout)), enabled: can(toggleWrap(nodes.callout)) },
      ],
    },
    {
      tools: [
        ...(upload ? [{ name: /** @type {const} */ ('picture'), run: () => chooseFile('image/*', (file) => void insertions.picture(file)) }] : []),
        { name: 'document', run: () => void insertions.document() },
        { name: 'table', run: run(insertTable), enabled: is((state) => !isInTable(state)) },
        { name: 'rule', run: put(() => nodes.horizontal_rule.create()) },
        ...(readWord ? [{ name: /** @type {const} */ ('word'), run: () => chooseFile('.docx', (file) => void insertions.word(file)) }] : []),
      ],
    },
    {
      label: words.tableTools,
      shown: is(isInTable),
      tools: [
        { name: 'rowAfter', run: run(addRowAfter) },
        { name: 'columnAfter', run: run(addColumnAfter) },
        { name: 'deleteRow', run: run(deleteRow) },
        { name: 'deleteColumn', run: run(deleteColumn) },
        { name: 'deleteTable', run: run(deleteTable) },
      ],
    },
    {
      tools: [
        { name: 'undo', keys: 'Control+Z', run: run(undo), enabled: is((state) => undoDepth(state) > 0) },
        { name: 'redo', keys: 'Control+Shift+Z', run: run(redo), enabled: is((state) => redoDepth(state) > 0) },
        // What is being uploaded has its place in this view.
        { name: 'toSource', run: toSource, enabled: () => insertions.pending === 0 },
      ],
    },
  ]
}

/** A table with the caret in its first cell. @type {Command} */
function insertTable(state, dispatch) {
  if (!dispatch) return true
  const tr = insertBlocks(state.tr, state.selection.to, [emptyTable(3, 2)])
  const after = tr.selection.$from
  const table = tr.doc.resolve(after.before()).nodeBefore
  const start = after.before() - (table?.nodeSize ?? 0)
  dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(start + 1))).scrollIntoView())
  return true
}

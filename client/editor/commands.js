/** What the toolbar's buttons and the keys do to the document. */
import { lift, setBlockType, wrapIn } from 'prosemirror-commands'
import { liftListItem, sinkListItem, wrapInList } from 'prosemirror-schema-list'
import { NodeSelection, Selection, TextSelection } from 'prosemirror-state'
import { isInTable } from 'prosemirror-tables'
import { isBlank } from './canonical.js'
import { isList, schema } from './schema.js'

/** @typedef {import('prosemirror-state').Command} Command */
/** @typedef {import('prosemirror-state').EditorState} EditorState */
/** @typedef {import('prosemirror-state').Transaction} Transaction */
/** @typedef {import('prosemirror-model').Node} PmNode */
/** @typedef {import('prosemirror-model').NodeType} NodeType */

const { nodes, marks } = schema

/** @param {EditorState} state @param {import('prosemirror-model').MarkType} type */
export function hasMark({ selection, storedMarks, doc }, type) {
  const { from, to, empty, $from } = selection
  return empty ? !!type.isInSet(storedMarks ?? $from.marks()) : doc.rangeHasMark(from, to, type)
}

/** @param {EditorState} state @param {number} level */
export function isHeading({ selection }, level) {
  const { parent } = selection.$from
  return parent.type === nodes.heading && Math.max(2, Math.min(4, parent.attrs.level)) === level
}

/** @param {number} level @returns {Command} */
export const toggleHeading = (level) => (state, dispatch) => {
  const command = isHeading(state, level)
    ? setBlockType(nodes.paragraph)
    : setBlockType(nodes.heading, { level })
  return command(state, dispatch)
}

/** The innermost ancestor of one of the types, with its depth. @param {EditorState} state @param {(node: PmNode) => boolean} wanted */
export function ancestor({ selection }, wanted) {
  const { $from } = selection
  for (let depth = $from.depth; depth > 0; depth--) {
    if (wanted($from.node(depth))) return { node: $from.node(depth), depth, pos: $from.before(depth) }
  }
  return null
}

/** @param {EditorState} state @param {NodeType} type */
export function isInside(state, type) {
  return ancestor(state, (node) => node.type === type) != null
}

/** @param {NodeType} type @returns {Command} */
export const toggleList = (type) => (state, dispatch, view) => {
  const list = ancestor(state, isList)
  if (!list) return wrapInList(type)(state, dispatch)
  if (list.node.type === type) return liftListItem(nodes.list_item)(state, dispatch, view)
  if (dispatch) {
    const { origin, tight } = list.node.attrs
    dispatch(state.tr.setNodeMarkup(list.pos, type, { origin, tight }))
  }
  return true
}

/** @param {NodeType} type a quotation or call-out @returns {Command} */
export const toggleWrap = (type) => (state, dispatch) => {
  const outer = ancestor(state, (node) => node.type === type)
  if (!outer) return !isInTable(state) && wrapIn(type)(state, dispatch)
  const { $from, $to } = state.selection
  const range = $from.blockRange($to, (node) => node === outer.node)
  if (!range) return lift(state, dispatch)
  if (dispatch) {
    // All of it comes out, as all of it went in.
    const from = state.doc.resolve(outer.pos + 1)
    const to = state.doc.resolve(outer.pos + outer.node.nodeSize - 1)
    const whole = from.blockRange(to, (node) => node === outer.node)
    if (whole) dispatch(state.tr.lift(whole, outer.depth - 1))
  }
  return true
}

export const indent = sinkListItem(nodes.list_item)
export const outdent = liftListItem(nodes.list_item)

/** @type {Command} */
export function breakLine(state, dispatch) {
  const { $from } = state.selection
  if (!$from.parent.type.contentMatch.matchType(nodes.hard_break) && $from.parent.type !== nodes.paragraph) return false
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView())
  return true
}

/**
 * Puts blocks at a place: over the empty paragraph there, else after the
 * block. The caret goes behind them, into a paragraph if need be.
 * @param {Transaction} tr @param {number} pos @param {PmNode[]} blocks
 */
export function insertBlocks(tr, pos, blocks) {
  const $pos = tr.doc.resolve(Math.min(pos, tr.doc.content.size))
  let from
  let to
  if (isBlank($pos.parent) && $pos.node(-1).type !== nodes.list_item) {
    from = $pos.before()
    to = $pos.after()
  } else if ($pos.depth === 0) {
    from = to = $pos.pos
  } else {
    from = to = $pos.after(1)
    // A call-out or quotation may hold figures; lists and tables are left whole.
    const outer = $pos.node(1)
    if ((outer.type === nodes.callout || outer.type === nodes.blockquote) && $pos.depth === 2) from = to = $pos.after(2)
  }
  tr.replaceWith(from, to, blocks)
  const end = from + blocks.reduce((size, block) => size + block.nodeSize, 0)
  const after = tr.doc.resolve(end)
  if (!after.nodeAfter?.isTextblock) tr.insert(end, nodes.paragraph.create())
  tr.setSelection(TextSelection.near(tr.doc.resolve(end + 1)))
  return tr.scrollIntoView()
}

/** The selected block, or the whole top-level block the caret is in. @param {EditorState} state */
function blockToMove({ selection }) {
  if (selection instanceof NodeSelection && selection.node.isBlock) return { pos: selection.from, node: selection.node }
  const { $from } = selection
  return $from.depth ? { pos: $from.before(1), node: $from.node(1) } : null
}

/** @param {-1 | 1} direction @returns {Command} */
export const moveBlock = (direction) => (state, dispatch) => {
  const block = blockToMove(state)
  if (!block) return false
  const tr = moveNode(state.tr, block.pos, direction)
  if (!tr) return false
  dispatch?.(tr.scrollIntoView())
  return true
}

/**
 * Swaps a block with its neighbour; the selection inside goes with it.
 * @param {Transaction} tr @param {number} pos @param {-1 | 1} direction
 */
export function moveNode(tr, pos, direction) {
  const $pos = tr.doc.resolve(pos)
  const node = $pos.nodeAfter
  const index = $pos.index()
  const neighbour = $pos.parent.maybeChild(index + direction)
  if (!node || !neighbour) return null
  const to = direction < 0 ? pos - neighbour.nodeSize : pos + neighbour.nodeSize
  const { selection } = tr
  const offset = selection.from - pos
  const within = offset >= 0 && selection.to <= pos + node.nodeSize
  tr.delete(pos, pos + node.nodeSize).insert(to, node)
  if (within) {
    tr.setSelection(selection instanceof NodeSelection && offset === 0
      ? NodeSelection.create(tr.doc, to)
      : Selection.near(tr.doc.resolve(to + offset)))
  }
  return tr
}

/** The link at the caret or in the selection. @param {EditorState} state */
export function linkAt({ selection, doc }) {
  const { $from, from, to, empty } = selection
  if (!$from.parent.isTextblock) return null
  if (!empty) {
    /** @type {import('prosemirror-model').Mark | undefined} */
    let mark
    doc.nodesBetween(from, to, (node) => {
      mark ??= marks.link.isInSet(node.marks)
    })
    return mark ? { mark, from, to } : null
  }
  const mark = marks.link.isInSet($from.marks()) ?? marks.link.isInSet($from.nodeAfter?.marks ?? [])
  if (!mark) return null
  // The caret may stand anywhere in the link: find its ends.
  const start = $from.start()
  /** @type {{ from: number, to: number } | null} */
  let found = null
  let run = -1
  $from.parent.forEach((node, offset) => {
    if (!mark.isInSet(node.marks)) {
      run = -1
      return
    }
    if (run < 0) run = offset
    const end = offset + node.nodeSize
    if (run <= $from.parentOffset && $from.parentOffset <= end) found = { from: start + run, to: start + end }
    else if (found?.from === start + run) found.to = start + end
  })
  return found && { mark, .../** @type {{ from: number, to: number }} */ (/** @type {unknown} */ (found)) }
}

/** @type {Command} */
export function removeLink(state, dispatch) {
  const link = linkAt(state)
  if (!link) return false
  dispatch?.(state.tr.removeMark(link.from, link.to, marks.link))
  return true
}

/**
 * @param {Transaction} tr @param {{ from: number, to: number }} range
 * @param {string} href @param {string} text what the range is to say
 */
export function setLink(tr, { from, to }, href, text) {
  const said = tr.doc.textBetween(from, to, ' ', ' ')
  const linked = text && text !== said && sameBlock(tr.doc, from, to)
  if (linked) {
    const kept = tr.doc.resolve(from).marksAcross(tr.doc.resolve(to)) ?? []
    tr.replaceWith(from, to, schema.text(text, marks.link.removeFromSet(kept)))
  }
  const end = linked ? from + text.length : to
  tr.removeMark(from, end, marks.link).addMark(from, end, marks.link.create({ href }))
  return tr.setSelection(TextSelection.create(tr.doc, end)).removeStoredMark(marks.link)
}

/** @param {PmNode} doc @param {number} from @param {number} to */
function sameBlock(doc, from, to) {
  return doc.resolve(from).sameParent(doc.resolve(to))
}

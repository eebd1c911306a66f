/** Puts another text in the place of the present one, changing no more than differs. */
import { closeHistory } from 'prosemirror-history'
import { Fragment } from 'prosemirror-model'
import { ReplaceStep } from 'prosemirror-transform'

/** @typedef {import('prosemirror-model').Node} PmNode */
/** @typedef {import('prosemirror-state').Transaction} Transaction */

/**
 * A transaction that can be undone and leaves the selection where its words are.
 * @param {import('prosemirror-state').EditorState} state
 * @param {PmNode} next the new text as the source book has read it
 */
export function replaceText(state, next) {
  const tr = closeHistory(state.tr)
  const before = childrenOf(withoutOrigins(state.doc))
  const after = childrenOf(withoutOrigins(next))
  /** @type {number[]} */
  const starts = []
  before.reduce((pos, block) => (starts.push(pos), pos + block.nodeSize), 0)
  starts.push(state.doc.content.size)
  // From the end, so that the places before stay where they are.
  let to = before.length
  let newTo = after.length
  for (const [from, newFrom] of [[-1, -1], ...pairs(before, after)].reverse()) {
    const added = after.slice(newFrom + 1, newTo)
    if (from + 1 < to || added.length) tr.replaceWith(starts[from + 1], starts[to], added)
    if (from >= 0) replaceBlock(tr, starts[from], before[from], after[newFrom])
    to = from
    newTo = newFrom
  }
  tr.doc.descendants((node, pos, parent, index) => {
    if (!('origin' in node.attrs)) return
    // Only top-level blocks have lines of their own.
    const origin = parent?.type === next.type ? next.child(index).attrs.origin : null
    if (node.attrs.origin !== origin) tr.setNodeAttribute(pos, 'origin', origin)
  })
  return tr.setDocAttribute('frame', next.attrs.frame)
}

/** @param {Transaction} tr @param {number} pos @param {PmNode} before @param {PmNode} after */
function replaceBlock(tr, pos, before, after) {
  if (before.eq(after)) return
  const start = before.sameMarkup(after) ? before.content.findDiffStart(after.content) : null
  const end = start == null ? null : before.content.findDiffEnd(after.content)
  if (start != null && end) {
    const overlap = Math.max(0, start - Math.min(end.a, end.b))
    const slice = after.slice(start, end.b + overlap)
    try {
      if (before.replace(start, end.a + overlap, slice).eq(after)) {
        tr.step(new ReplaceStep(pos + 1 + start, pos + 1 + end.a + overlap, slice))
        return
      }
    } catch {
      // What differs does not fit together inside the block.
    }
  }
  tr.replaceWith(pos, pos + before.nodeSize, after)
}

/**
 * Which block has become which: the alignment that keeps most.
 * @param {PmNode[]} before @param {PmNode[]} after
 * @returns {[number, number][]} indexes into both, rising
 */
function pairs(before, after) {
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before[head].eq(after[head])) head++
  let tail = 0
  while (tail < most - head && before[before.length - 1 - tail].eq(after[after.length - 1 - tail])) tail++
  const rows = before.length - head - tail
  const columns = after.length - head - tail
  /** @type {[number, number][]} */
  const found = []
  for (let at = 0; at < head; at++) found.push([at, at])
  // Very long texts that differ throughout are not worth comparing.
  if (rows * columns <= 250000) {
    const kept = Array.from({ length: rows }, (_, row) =>
      Float32Array.from({ length: columns }, (__, column) => likeness(before[head + row], after[head + column])))
    const best = Array.from({ length: rows + 1 }, () => new Float32Array(columns + 1))
    for (let row = rows - 1; row >= 0; row--) {
      for (let column = columns - 1; column >= 0; column--) {
        const skipped = Math.max(best[row + 1][column], best[row][column + 1])
        const paired = kept[row][column] && kept[row][column] + best[row + 1][column + 1]
        best[row][column] = Math.max(skipped, paired)
      }
    }
    for (let row = 0, column = 0; row < rows && column < columns;) {
      if (best[row][column] === best[row + 1][column]) row++
      else if (best[row][column] === best[row][column + 1]) column++
      else found.push([head + row++, head + column++])
    }
  }
  for (let at = tail; at > 0; at--) found.push([before.length - at, after.length - at])
  return found
}

/** From 0, nothing in common, to 1, the same. @param {PmNode} before @param {PmNode} after */
function likeness(before, after) {
  if (before.type !== after.type) return 0
  if (before.eq(after)) return 1
  const [a, b] = [before.textContent, after.textContent]
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && a[head] === b[head]) head++
  let tail = 0
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const share = (head + tail) / Math.max(a.length, b.length, 1)
  return share >= 0.4 ? share * 0.9 : 0
}

/** @param {PmNode} node */
function childrenOf(node) {
  /** @type {PmNode[]} */
  const children = []
  node.forEach((child) => children.push(child))
  return children
}

/** @param {PmNode} node @returns {PmNode} */
function withoutOrigins(node) {
  if (node.isText) return node
  const attrs = { ...node.attrs }
  if ('origin' in attrs) attrs.origin = null
  if ('frame' in attrs) attrs.frame = null
  return node.type.create(attrs, Fragment.fromArray(childrenOf(node).map(withoutOrigins)), node.marks)
}

/**
 * Remembers which Markdown each block was read from, so that writing the
 * document back touches only the lines of the blocks that changed.
 *
 * A text is a frame (what stands before its first and after its last block)
 * and blocks, each with the lines it was read from and the separator before
 * it. Document and blocks hold numbers that lead here; since the numbers are
 * attributes, undoing a change finds the old lines again.
 */
import { canonical, isBlank } from './canonical.js'
import { linesOf, readBlocks, sameBlocks } from './read-markdown.js'
import { isList, schema } from './schema.js'
import { markdownVariants } from './write-markdown.js'

/** @typedef {import('prosemirror-model').Node} PmNode */

/**
 * @typedef {object} Origin
 * @property {number} frame the text it was read from
 * @property {number} slot its place among that text's blocks
 * @property {string} source its lines, without the last line's ending
 * @property {string} before what stands between it and the block before
 * @property {PmNode} node the block as it was read
 */

/**
 * @typedef {object} Frame
 * @property {string} lead @property {string} tail
 * @property {string} eol the ending that new lines get
 * @property {Origin[]} origins
 */

/**
 * @typedef {object} Entry a block to be written
 * @property {PmNode} node
 * @property {number} pos
 * @property {Origin | null} origin
 * @property {boolean} kept whether it still is what was read
 * @property {number | null} slot
 * @property {string[] | null} variants
 */

/** @typedef {{ pos: number, node: PmNode, firstLine: number, lastLine: number }} Placed */
/** @typedef {{ text: string, placed: Placed[] }} Written */

export class SourceBook {
  constructor() {
    /** @type {Map<number, Origin>} */
    this.origins = new Map()
    /** @type {Map<number, Frame>} */
    this.frames = new Map()
    this.lastNumber = 0
    /** @type {WeakMap<PmNode, Written>} */
    this.written = new WeakMap()
  }

  /** @param {string} text @returns {PmNode} */
  read(text) {
    const lines = linesOf(text)
    const blocks = readBlocks(text, { verify: true })
    const frameNumber = ++this.lastNumber
    const join = (/** @type {number} */ from, /** @type {number} */ to) => lines.slice(from, to).join('')
    /** @type {Origin[]} */
    const origins = []
    let ending = ''
    let reached = 0
    const nodes = blocks.map(({ node: bare, from, to }, slot) => {
      const own = join(from, to)
      const source = own.replace(/(\r\n?|\n)$/, '')
      const number = ++this.lastNumber
      const node = bare.type.create({ ...bare.attrs, origin: number }, bare.content)
      const origin = { frame: frameNumber, slot, source, before: ending + join(reached, from), node }
      origins.push(origin)
      this.origins.set(number, origin)
      ending = own.slice(source.length)
      reached = to
      return node
    })
    const eol = /\r\n?|\n/.exec(text)?.[0] ?? '\n'
    this.frames.set(frameNumber, {
      lead: blocks.length ? origins[0].before : text,
      tail: blocks.length ? ending + join(reached, lines.length) : '',
      eol,
      origins,
    })
    return schema.nodes.doc.create(
      { frame: frameNumber },
      nodes.length ? nodes : [schema.nodes.paragraph.create()],
    )
  }

  /** @param {PmNode} doc */
  text(doc) {
    return this.write(doc).text
  }

  /** The block that holds a line (1-based), or the nearest one before it. */
  blockAtLine(/** @type {PmNode} */ doc, /** @type {number} */ line) {
    const { placed } = this.write(doc)
    return placed.findLast((block) => block.firstLine <= line) ?? placed[0] ?? null
  }

  /** @param {PmNode} doc @returns {Written} */
  write(doc) {
    const known = this.written.get(doc)
    if (known) return known
    const written = this.assemble(doc)
    this.written.set(doc, written)
    return written
  }

  /** @param {PmNode} doc @returns {Written} */
  assemble(doc) {
    const frame = this.frames.get(doc.attrs.frame) ?? { lead: '', tail: '', eol: '\n', origins: [] }
    const entries = this.entries(doc)
    if (!entries.length) return { text: frame.origins.length ? '' : frame.lead, placed: [] }
    assignSlots(entries, doc.attrs.frame, frame)
    const hasDefinitions = entries.some(({ node }) =>
      node.type === schema.nodes.source && /^ {0,3}\[[^\]]+\]:/m.test(node.attrs.text))
    const { texts, separators } = joinEntries(entries, frame, hasDefinitions)

    // A text that held no block had nothing but blank lines to frame.
    let text = frame.origins.length ? frame.lead : ''
    let line = 1 + countLines(text)
    const placed = entries.map(({ pos, node }, index) => {
      text += separators[index]
      line += countLines(separators[index])
      const firstLine = line
      text += texts[index]
      line += countLines(texts[index])
      return { pos, node, firstLine, lastLine: line }
    })
    text += frame.origins.length ? frame.tail : frame.eol
    return { text, placed }
  }

  /** @param {PmNode} doc */
  entries(doc) {
    /** @type {Entry[]} */
    const entries = []
    doc.forEach((node, pos) => {
      const origin = this.origins.get(node.attrs.origin) ?? null
      const kept = origin != null && (origin.node === node || origin.node.eq(node))
      // Empty paragraphs are places to type in; Markdown has none.
      if (kept || !isNothing(node)) {
        entries.push({ node, pos, origin, kept, slot: null, variants: null })
      }
    })
    return entries
  }
}

function isNothing(/** @type {PmNode} */ node) {
  if (node.type === schema.nodes.source) return node.attrs.text.trim() === ''
  return isBlank(canonical(node))
}

function countLines(/** @type {string} */ text) {
  return text.match(/\r\n?|\n/g)?.length ?? 0
}

/**
 * Gives each block the place of the block it was, or took the place of: first
 * to those unchanged, then to those changed (a block split in two has its
 * origin twice), then to new blocks that stand where old ones are missing.
 * @param {Entry[]} entries @param {number} frameNumber @param {Frame} frame
 */
function assignSlots(entries, frameNumber, frame) {
  /** @type {Set<number>} */
  const taken = new Set()
  for (const kept of [true, false]) {
    for (const entry of entries) {
      if (entry.kept !== kept || entry.origin?.frame !== frameNumber) continue
      if (taken.has(entry.origin.slot)) continue
      entry.slot = entry.origin.slot
      taken.add(entry.slot)
    }
  }
  let next = 0
  for (const entry of entries) {
    if (entry.slot == null && next < frame.origins.length && !taken.has(next)) {
      entry.slot = next
      taken.add(next)
    }
    if (entry.slot != null) next = entry.slot + 1
  }
}

/**
 * Chooses each block's text and the separator before it. Two blocks that were
 * neighbours and are unchanged stay as they are; at every other border the
 * text is read again, and where the neighbours would run together (two lists,
 * an indented code block after a list) one of them is written another way.
 * @param {Entry[]} entries @param {Frame} frame @param {boolean} hasDefinitions
 */
function joinEntries(entries, frame, hasDefinitions) {
  const fresh = frame.eol + frame.eol
  /** @type {string[]} */
  const texts = [textsOf(entries[0], frame.eol, hasDefinitions)[0]]
  const separators = ['']
  for (let at = 1; at < entries.length; at++) {
    const left = entries[at - 1]
    const right = entries[at]
    const own = right.slot ? frame.origins[right.slot].before : null
    if (isInPlace(left) && isInPlace(right) && own != null && left.slot === /** @type {number} */ (right.slot) - 1) {
      texts.push(/** @type {Origin} */ (right.origin).source)
      separators.push(own)
      // The neighbour on the left may have had to be written anew.
      if (texts[at - 1] === left.origin?.source) continue
      if (runsOn(texts[at - 1], own, texts[at])) continue
      texts.pop()
      separators.pop()
    }
    const separatorChoices = own != null && own !== fresh ? [own, fresh] : [fresh]
    const before = at > 1
      ? { text: texts[at - 2], separator: separators[at - 1] }
      : null
    const choice = chooseJoin(
      { entry: left, chosen: texts[at - 1], before },
      right,
      separatorChoices,
      frame.eol,
      hasDefinitions,
    )
    texts[at - 1] = choice.left
    texts.push(choice.right)
    separators.push(choice.separator)
  }
  return { texts, separators }
}

/** Whether the block is unchanged where it was read, not only a copy of what was. */
function isInPlace(/** @type {Entry} */ { kept, origin, slot }) {
  return kept && origin?.slot === slot
}

/**
 * @param {{ entry: Entry, chosen: string, before: { text: string, separator: string } | null }} left
 * @param {Entry} right @param {string[]} separators @param {string} eol @param {boolean} hasDefinitions
 */
function chooseJoin(left, right, separators, eol, hasDefinitions) {
  const rights = textsOf(right, eol, hasDefinitions)
  const lefts = [left.chosen, ...textsOf(left.entry, eol, hasDefinitions).filter((text) => text !== left.chosen)]
  // The block that changed anyway gives way first.
  /** @type {[number, number][]} */
  const pairs = []
  lefts.forEach((_, l) => rights.forEach((__, r) => pairs.push([l, r])))
  const cost = (/** @type {[number, number]} */ [l, r]) =>
    (l ? (left.entry.kept ? 100 : 10) + l : 0) + (r ? (right.kept ? 100 : 10) + r : 0)
  pairs.sort((a, b) => cost(a) - cost(b))
  for (const [l, r] of pairs) {
    if (l && left.before && !runsOn(left.before.text, left.before.separator, lefts[l])) continue
    for (const separator of separators) {
      if (runsOn(lefts[l], separator, rights[r])) return { left: lefts[l], right: rights[r], separator }
    }
  }
  return { left: lefts[0], right: rights[0], separator: separators[separators.length - 1] }
}

/** Whether two texts, so joined, are still read as the blocks that each of them is. */
function runsOn(/** @type {string} */ left, /** @type {string} */ separator, /** @type {string} */ right) {
  const joined = readBlocks(left + separator + right)
  const lefts = readBlocks(left)
  const rights = readBlocks(right)
  if (!sameBlocks(joined, [...lefts, ...rights])) return false
  // The same blocks by chance are not enough: they have to part at the same line.
  const offset = countLines(left + separator)
  return !rights.length || joined[lefts.length].from === offset + rights[0].from
}

/** @param {Entry} entry @param {string} eol @param {boolean} hasDefinitions */
function textsOf(entry, eol, hasDefinitions) {
  if (!entry.variants) {
    const plain = markdownVariants(canonical(entry.node), {
      marker: entry.node.attrs.marker,
      definitions: hasDefinitions,
    })
    // What follows a list may stand indented itself; it remains outside where
    // the list is indented as far as a block can be.
    const own = /^ {1,3}(?=\S)/.exec(entry.origin?.source ?? '')?.[0]
    const indents = [own, isList(entry.node) ? '   ' : undefined]
    const indented = indents.flatMap((indent) =>
      indent ? plain.map((text) => text.replace(/^(?=.)/gm, indent)) : [])
    const written = [...plain, ...indented]
      .map((text) => (eol === '\n' ? text : text.replace(/\n/g, eol)))
    entry.variants = entry.kept && entry.origin
      ? [entry.origin.source, ...written.filter((text) => text !== entry.origin?.source)]
      : written
  }
  return entry.variants
}

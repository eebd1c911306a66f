/**
 * The text of one paragraph, heading or cell to Markdown: escapes only what
 * would otherwise be read as markup, so that ordinary Vietnamese prose is
 * stored as it was typed.
 */
import { schema } from './schema.js'

/** @typedef {import('prosemirror-model').Node} PmNode */
/** @typedef {import('prosemirror-model').Mark} Mark */

/**
 * @typedef {object} Manner
 * @property {0 | 1 | 2} caution how much is escaped: what looks like markup,
 *   every character that can be markup, all punctuation
 * @property {'*' | '_'} emphasis
 */

/** From the most readable manner to the most cautious one. @type {Manner[]} */
export const MANNERS = [
  { caution: 0, emphasis: '*' },
  { caution: 0, emphasis: '_' },
  { caution: 1, emphasis: '*' },
  { caution: 1, emphasis: '_' },
  { caution: 2, emphasis: '*' },
  { caution: 2, emphasis: '_' },
]

/**
 * @typedef {object} Piece
 * @property {'text' | 'raw' | 'open' | 'close'} kind
 * @property {string} text
 */

const { marks, nodes } = schema

/**
 * Text that needs neither escapes nor a check: it starts with a letter and
 * holds nothing but words and their ordinary punctuation.
 * @param {PmNode} block
 */
export function isPlainProse(block) {
  return block.childCount === 0 || (
    block.childCount === 1 && block.child(0).isText && !block.child(0).marks.length &&
    /^\p{L}[\p{L}\p{M}\p{N} ,.;:?%"'“”‘’…–—/()-]*$/u.test(block.textContent)
  )
}

/**
 * @param {PmNode} block a canonical textblock
 * @param {Manner} manner
 * @returns {string} lines parted by hard breaks
 */
export function inlineMarkdown(block, manner) {
  /** @type {Piece[]} */
  const pieces = []
  /** @type {Mark[]} */
  const open = []
  let lineStart = true

  block.forEach((node, _, index) => {
    // Marks go on over a break if they do behind it.
    const following = nextAfterBreaks(block, index)
    const wanted = following.marks.filter((mark) => mark.type !== marks.code)
    let keep = 0
    while (keep < open.length && open[keep].isInSet(wanted)) keep++
    while (open.length > keep) pieces.push(delimiter('close', /** @type {Mark} */ (open.pop()), manner))

    if (node.type === nodes.hard_break) {
      pieces.push({ kind: 'raw', text: '\\\n' })
      lineStart = true
      return
    }
    const opening = wanted
      .filter((mark) => !mark.isInSet(open))
      // What lasts longest goes outermost, so that marks nest.
      .sort((a, b) => reach(block, index, b) - reach(block, index, a))
    const auto = opening.find((mark) => isAutolink(block, index, mark))
    for (const mark of opening) {
      if (mark === auto) continue
      const piece = delimiter('open', mark, manner)
      const last = pieces.at(-1)
      // A bang right before a link would make it a picture.
      if (piece.text === '[' && last?.kind === 'text') last.text = last.text.replace(/(^|[^\\])!$/, '$1\\!')
      pieces.push(piece)
      open.push(mark)
      lineStart = false
    }
    if (auto) {
      pieces.push({ kind: 'raw', text: `<${node.text}>` })
    } else if (marks.code.isInSet(node.marks)) {
      pieces.push({ kind: 'raw', text: codeSpan(node.text ?? '') })
    } else {
      const linked = marks.link.isInSet(node.marks) != null
      pieces.push({ kind: 'text', text: escapeText(node.text ?? '', manner.caution, lineStart, linked) })
    }
    lineStart = false
  })
  while (open.length) pieces.push(delimiter('close', /** @type {Mark} */ (open.pop()), manner))

  // A reference written for one mark may stand at the edge of another.
  for (let pass = 0; pass < 3; pass++) guardDelimiters(pieces)
  return pieces.map((piece) => piece.text).join('')
}

/** The node at `index`, or the first after it that is not a break. */
function nextAfterBreaks(/** @type {PmNode} */ block, /** @type {number} */ index) {
  while (block.child(index).type === nodes.hard_break && index + 1 < block.childCount) index++
  return block.child(index)
}

/** @param {'open' | 'close'} kind @param {Mark} mark @param {Manner} manner @returns {Piece} */
function delimiter(kind, mark, manner) {
  switch (mark.type) {
    case marks.strong: return { kind, text: '**' }
    case marks.em: return { kind, text: manner.emphasis }
    case marks.strike: return { kind, text: '~~' }
    default:
      if (kind === 'open') return { kind: 'raw', text: '[' }
      return { kind: 'raw', text: `](${addressAndTitle(mark.attrs.href, mark.attrs.title)})` }
  }
}

/** How many neighbours from `index` on have the mark. */
function reach(/** @type {PmNode} */ block, /** @type {number} */ index, /** @type {Mark} */ mark) {
  let end = index
  while (end < block.childCount && mark.isInSet(nextAfterBreaks(block, end).marks)) end++
  return end - index
}

function isAutolink(/** @type {PmNode} */ block, /** @type {number} */ index, /** @type {Mark} */ mark) {
  if (mark.type !== marks.link || mark.attrs.title || reach(block, index, mark) > 1) return false
  const { text = '', marks: all } = block.child(index)
  if (marks.code.isInSet(all)) return false
  if (mark.attrs.href === text) return /^[a-z][a-z0-9+.-]{1,31}:[^\s<>\u0000-\u001f]*$/i.test(text)
  return mark.attrs.href === `mailto:${text}` && /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(text ?? '')
}

/** @param {string} href @param {string | null} title */
export function addressAndTitle(href, title) {
  const address = href.replace(/[\r\n]+/g, '%0A')
  const bare = /^[^\s<>()\\\u0000-\u001f\u007f][^\s()\\\u0000-\u001f\u007f]*$/.test(address) || /^$/.test(address) && !title
  const shown = (bare ? address : `<${address.replace(/[\\<>]/g, '\\$&')}>`).replace(/&(?=#?\w+;)/g, '\\&')
  if (!title) return shown
  // A backslash before the last sign would take its meaning from it on the server.
  const signs = title.replace(/[\r\n]+/g, ' ').replace(/&(?=#?\w+;)/g, '&amp;').replace(/\\/g, '&#92;').replace(/"/g, '\\"')
  return `${shown} "${signs}"`
}

function codeSpan(/** @type {string} */ text) {
  /** @type {string[]} */
  const runs = text.match(/`+/g) ?? []
  // The shortest fence that the text does not hold itself.
  let fence = '`'
  while (runs.includes(fence)) fence += '`'
  const padded = /^`|`$/.test(text) || (/^ .* $/s.test(text) && text.trim() !== '')
  return padded ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`
}

const ADDRESS = /(?:(?:https?|ftp):\/\/|www\.)[^\s<]+/gi

/**
 * @param {string} text @param {0 | 1 | 2} caution
 * @param {boolean} lineStart whether the text begins a line of the block
 * @param {boolean} [inBrackets] whether it is the text of a link or picture
 */
export function escapeText(text, caution, lineStart, inBrackets = true) {
  const escapeSigns = [
    escapeLikelyMarkup,
    (/** @type {string} */ part) => part.replace(/[\\`*_[\]<>~|&!]/g, '\\$&'),
    (/** @type {string} */ part) => part.replace(/[!-/:-@[-`{-~]/g, '\\$&'),
  ][caution]
  if (inBrackets || caution === 2) return lineStart && caution < 2 ? escapeLineStart(escapeSigns(text)) : escapeSigns(text)
  // Bare addresses stay as they are: the server finds them by their characters.
  let reached = 0
  let escaped = ''
  for (const found of text.matchAll(ADDRESS)) {
    // Brackets may be a reference's.
    const shown = caution && /[[\]]/.test(found[0]) ? escapeSigns(found[0]) : found[0]
    escaped += escapeSigns(text.slice(reached, found.index)) + shown
    reached = found.index + found[0].length
  }
  escaped += escapeSigns(text.slice(reached))
  return lineStart ? escapeLineStart(escaped) : escaped
}

function escapeLikelyMarkup(/** @type {string} */ text) {
  return text.replace(
    /\\(?=[!-/:-@[-`{-~]|$)|`|~|\[(?=!\w)|<(?=[a-z/!?])|&(?=#?\w+;)|[*_]/gi,
    (found, /** @type {number} */ at) => {
      if (found !== '*' && found !== '_') return `\\${found}`
      const before = text[at - 1]
      const after = text[at + 1]
      const alone = before === ' ' && after === ' '
      const insideWord = found === '_' && isWordCharacter(before) && isWordCharacter(after)
      return alone || insideWord ? found : `\\${found}`
    },
  )
}

function isWordCharacter(/** @type {string | undefined} */ character) {
  return character != null && /[\p{L}\p{N}]/u.test(character)
}

/** What would begin a heading, list, quotation, rule or definition. */
function escapeLineStart(/** @type {string} */ text) {
  return text
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[-=]+\s*$|-[-\s]*$|:?-+:?\s*\||\|)/, '\\$&')
    .replace(/^\[(?=(?:[^[\]\\]|\\.)+\]:)/, '\\[')
}

/**
 * Emphasis marks work only at the edge of words, which the parser judges by
 * the characters on either side: in `**Lưu ý:**Nộp` the second pair would be
 * read as text. A letter written as a character reference ends in punctuation
 * and so makes the edge visible.
 * @param {Piece[]} pieces
 */
function guardDelimiters(pieces) {
  pieces.forEach((piece, at) => {
    if (piece.kind !== 'open' && piece.kind !== 'close') return
    let from = at
    let to = at
    while (isSameDelimiter(pieces[from - 1], piece)) from--
    while (isSameDelimiter(pieces[to + 1], piece)) to++
    // Through tildes the server sees what stands behind them.
    do from--
    while (isTildes(pieces[from]))
    do to++
    while (isTildes(pieces[to]))
    const opens = piece.kind === 'open'
    const outer = opens ? pieces[from] : pieces[to]
    const inner = opens ? pieces[to] : pieces[from]
    // Where marks overlap, one may have to begin or end again at a blank.
    if (inner?.kind === 'text') refer(inner, opens ? 'first' : 'last', /\s/u)
    const inside = (opens ? firstCharacter : lastCharacter)(inner?.text ?? '')
    if (outer?.kind === 'text' && (piece.text === '_' || /[\p{P}\p{S}]/u.test(inside))) {
      refer(outer, opens ? 'last' : 'first', /[^\s\p{P}\p{S}]/u)
    }
  })
}

function isSameDelimiter(/** @type {Piece | undefined} */ other, /** @type {Piece} */ piece) {
  return (other?.kind === 'open' || other?.kind === 'close') && other.text[0] === piece.text[0]
}

function isTildes(/** @type {Piece | undefined} */ piece) {
  return (piece?.kind === 'open' || piece?.kind === 'close') && piece.text === '~~'
}

/** Writes the piece's first or last character as a reference if it matches. */
function refer(/** @type {Piece} */ piece, /** @type {'first' | 'last'} */ end, /** @type {RegExp} */ pattern) {
  const character = end === 'first' ? firstCharacter(piece.text) : lastCharacter(piece.text)
  if (!character || !pattern.test(character)) return
  const reference = `&#${character.codePointAt(0)};`
  piece.text = end === 'first'
    ? reference + piece.text.slice(character.length)
    : piece.text.slice(0, -character.length) + reference
}

function firstCharacter(/** @type {string} */ text) {
  return text ? String.fromCodePoint(/** @type {number} */ (text.codePointAt(0))) : ''
}

function lastCharacter(/** @type {string} */ text) {
  return /.$/su.exec(text)?.[0] ?? ''
}

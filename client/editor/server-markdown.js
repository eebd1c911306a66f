/**
 * What the server's parser (comrak, `src/server/markdown.rs`) reads otherwise
 * than markdown-it: call-outs, tables, bare addresses and struck out text. With
 * these rules both read a text the same, which `test/reading.test.js` tries.
 */
import MarkdownIt from 'markdown-it'
import { addressAt, WWW_BEFORE } from './addresses.js'
import { CALLOUT_MARKER } from './dialect.js'

/** @typedef {any} BlockState @typedef {any} InlineState */

/** @param {any} md a parser of the preset `commonmark` */
export function readLikeServer(md) {
  md.enable('strikethrough')
  md.core.ruler.after('normalize', 'byte_order', withoutByteOrder)
  md.block.ruler.at('blockquote', calloutOrQuotation, { alt: ['paragraph', 'reference', 'blockquote', 'list'] })
  // Where something else may begin, that begins.
  md.block.ruler.before('lheading', 'server_table', table, { alt: ['paragraph', 'reference'] })
  md.inline.ruler.before('text', 'address', address)
  md.inline.ruler.at('image', pictureWithoutAddresses)
  md.inline.ruler.at('strikethrough', tildes)
  md.inline.ruler2.after('balance_pairs', 'uneven_tildes', (/** @type {InlineState} */ state) => eachDelimiters(state, stopAtUneven))
  md.inline.ruler2.at('strikethrough', (/** @type {InlineState} */ state) => eachDelimiters(state, strike))
  md.inline.State = withServersFlanking(md.inline.State)
}

/** A mark of byte order is none of the first line's letters. @param {{ src: string }} state */
function withoutByteOrder(state) {
  state.src = state.src.replace(/^\ufeff/, '')
}

/** A rule of markdown-it's own. @param {'block' | 'inline'} kind @param {string} name @returns {Function[]} */
function only(kind, name) {
  const { ruler } = new MarkdownIt('zero')[kind]
  ruler.enableOnly([name])
  return ruler.getRules('')
}

/* ---- call-outs ----------------------------------------------------------- */

const [quotation] = only('block', 'blockquote')

/**
 * A call-out is a quotation whose first line says its kind and nothing of what
 * is in it: so behind that line everything may begin.
 * @param {BlockState} state @param {number} startLine @param {number} endLine @param {boolean} silent
 */
function calloutOrQuotation(state, startLine, endLine, silent) {
  const start = state.bMarks[startLine] + state.tShift[startLine]
  const end = state.eMarks[startLine]
  // A line that only goes on with the text before begins nothing.
  if (state.sCount[startLine] < 0) return false
  if (silent || state.src[start] !== '>') return quotation(state, startLine, endLine, silent)
  const marker = CALLOUT_MARKER.exec(state.src.slice(start, end))
  const at = state.tokens.length
  if (marker) state.eMarks[startLine] = start + 2
  const read = withoutFarMarkers(state, startLine + 1, endLine, () => quotation(state, startLine, endLine, silent))
  state.eMarks[startLine] = end
  if (!marker || !read) return read
  Object.assign(state.tokens[at], { type: 'callout_open', meta: { kind: marker[1].toUpperCase(), title: marker[2].trim() } })
  state.tokens[state.tokens.length - 1].type = 'callout_close'
  return true
}

/**
 * A sign that stands as far from the edge as code is no quotation's; at best it
 * goes on with the text before.
 * @template T @param {BlockState} state @param {number} from @param {number} to @param {() => T} work
 */
function withoutFarMarkers(state, from, to, work) {
  /** @type {Map<number, number>} */
  const far = new Map()
  for (let line = from; line < to && !state.isEmpty(line); line++) {
    const indent = state.sCount[line]
    if (indent - state.blkIndent >= 4 && lineOf(state, line).startsWith('>')) far.set(line, indent)
  }
  for (const line of far.keys()) state.sCount[line] = -1
  const done = work()
  for (const [line, indent] of far) state.sCount[line] = indent
  return done
}

/* ---- tables -------------------------------------------------------------- */

const RULE_OF_TABLE = /^\|?[ \t\v\f]*:?-+:?[ \t\v\f]*(?:\|[ \t\v\f]*:?-+:?[ \t\v\f]*)*\|?[ \t\v\f]*$/
/** A heading's underline, or an item of a list. */
const OTHER_THAN_TABLE = /^(?:-+[ \t]*$|-[ \t])/

/**
 * @param {BlockState} state @param {number} startLine @param {number} endLine @param {boolean} silent
 */
function table(state, startLine, endLine, silent) {
  const ruleLine = startLine + 1
  if (ruleLine >= endLine || isFar(state, startLine) || isFar(state, ruleLine)) return false
  const rule = lineOf(state, ruleLine)
  if (!RULE_OF_TABLE.test(rule) || OTHER_THAN_TABLE.test(rule)) return false
  // A rule that did not fit its head ends the search in that paragraph.
  for (let line = state.line + 1; line <= startLine; line++) if (RULE_OF_TABLE.test(lineOf(state, line))) return false
  const head = cellsOf(lineOf(state, startLine))
  const aligns = cellsOf(rule)?.map((cell) => alignOf(cell)) ?? []
  if (head?.length !== aligns.length) return false
  if (silent) return true

  const outer = state.parentType
  state.parentType = 'table'
  const ends = state.md.block.ruler.getRules('blockquote')
  const open = state.push('table_open', 'table', 1)
  pushRow(state, 'th', head, aligns)
  let line = ruleLine + 1
  for (; line < endLine; line++) {
    if (state.isEmpty(line) || isFar(state, line)) break
    if (ends.some((/** @type {Function} */ ended) => ended(state, line, endLine, true))) break
    const cells = cellsOf(lineOf(state, line))
    if (!cells) break
    pushRow(state, 'td', cells, aligns)
  }
  state.push('table_close', 'table', -1)
  open.map = [startLine, line]
  state.parentType = outer
  state.line = line
  return true
}

/** Outside of the block, or indented like code. @param {BlockState} state @param {number} line */
function isFar(state, line) {
  const indent = state.sCount[line] - state.blkIndent
  return indent < 0 || indent >= 4
}

/** @param {BlockState} state @param {number} line @returns {string} */
function lineOf(state, line) {
  return state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line])
}

/** The cells of a row; null for a line that is none. @param {string} line */
function cellsOf(line) {
  /** @type {string[]} */
  const cells = []
  for (const [whole, text = ''] of line.replace(/^\|/, '').matchAll(/((?:\\\||[^|])+)\|?|\|/g)) {
    const cell = text.replace(/^[ \t\v\f]+|[ \t\v\f]+$/g, '')
    // Blanks behind the last bar are no cell.
    if (cell || whole !== text) cells.push(cell.replace(/\\([\\|])/g, (pair, sign) => (sign === '|' ? sign : pair)))
  }
  return cells.length ? cells : null
}

function alignOf(/** @type {string} */ rule) {
  if (rule.endsWith(':')) return rule.startsWith(':') ? 'center' : 'right'
  return rule.startsWith(':') ? 'left' : ''
}

/** @param {BlockState} state @param {'th' | 'td'} tag @param {string[]} cells @param {string[]} aligns */
function pushRow(state, tag, cells, aligns) {
  state.push('tr_open', 'tr', 1)
  aligns.forEach((align, column) => {
    const open = state.push(`${tag}_open`, tag, 1)
    if (align) open.attrs = [['style', `text-align:${align}`]]
    Object.assign(state.push('inline', '', 0), { content: cells[column] ?? '', children: [] })
    state.push(`${tag}_close`, tag, -1)
  })
  state.push('tr_close', 'tr', -1)
}

/* ---- bare addresses ------------------------------------------------------ */

/**
 * The server makes a link of an address by itself. Here it stays the text that
 * it is, but nothing in it is taken for markup.
 * @param {InlineState} state @param {boolean} silent
 */
function address(state, silent) {
  const { src, pos } = state
  if (silent || state.linkLevel || state.env.pictures) return false
  // A bracket that opens no link is read as one sign, and so is one that closes none.
  const before = state.lastTried === pos - 1 ? src[pos - 1] : ''
  if (before === '[') state.openBrackets++
  if (before === ']' && state.openBrackets) state.openBrackets--
  state.lastTried = pos
  if (state.openBrackets) return false
  const from = src[pos] === ':' ? pos : nextWww(src, pos)
  const end = from == null ? null : addressAt(src, from)
  if (from == null || end == null) return false
  state.pending += src.slice(pos, end)
  state.pos = end
  return true
}

const [picture] = only('inline', 'image')

/** What a picture shows is read like the text of a link. @param {InlineState} state @param {boolean} silent */
function pictureWithoutAddresses(state, silent) {
  state.env.pictures = (state.env.pictures ?? 0) + 1
  try {
    return picture(state, silent)
  } finally {
    state.env.pictures--
  }
}

/** Where `www.` stands in the plain text from `pos` on, before anything that may be markup. @param {string} src @param {number} pos */
function nextWww(src, pos) {
  const plain = /[^\n!#$%&*+\-:<=>@[\\\]^_`{}~]*/y
  plain.lastIndex = pos
  const text = plain.exec(src)?.[0] ?? ''
  for (let at = text.indexOf('www.'); at >= 0; at = text.indexOf('www.', at + 1)) {
    if (WWW_BEFORE.test(src[pos + at - 1] ?? ' ') && addressAt(src, pos + at) != null) return pos + at
  }
  return null
}

/* ---- struck out text ----------------------------------------------------- */

const TILDE = 0x7e

/** One tilde or two. @param {InlineState} state @param {boolean} silent */
function tildes(state, silent) {
  if (silent || state.src.charCodeAt(state.pos) !== TILDE) return false
  const { can_open: open, can_close: close, length } = state.scanDelims(state.pos, true)
  const token = state.push('text', '', 0)
  token.content = '~'.repeat(length)
  if (length <= 2) {
    state.delimiters.push({ marker: TILDE, length, token: state.tokens.length - 1, end: -1, open, close })
  }
  state.pos += length
  return true
}

/** @param {InlineState} state @param {(delimiters: any[], state: InlineState) => void} work */
function eachDelimiters(state, work) {
  work(state.delimiters, state)
  for (const meta of state.tokens_meta) if (meta?.delimiters) work(meta.delimiters, state)
}

/** Where one tilde meets two, the server looks for no more marks. @param {any[]} delimiters */
function stopAtUneven(delimiters) {
  let stop = Infinity
  for (const { marker, end, length } of delimiters) {
    if (marker === TILDE && end >= 0 && delimiters[end].length !== length) stop = Math.min(stop, end)
  }
  for (const delimiter of delimiters) if (delimiter.end >= stop) delimiter.end = -1
}

/** @param {any[]} delimiters @param {InlineState} state */
function strike(delimiters, { tokens }) {
  for (const { marker, end, token } of delimiters) {
    if (marker !== TILDE || end < 0) continue
    Object.assign(tokens[token], { type: 's_open', tag: 's', nesting: 1, content: '' })
    Object.assign(tokens[delimiters[end].token], { type: 's_close', tag: 's', nesting: -1, content: '' })
  }
}

/** To the server, tildes are not there where it looks for the edges of words. @param {any} State */
function withServersFlanking(State) {
  return class extends State {
    /** @param {any[]} given */
    constructor(...given) {
      super(...given)
      this.openBrackets = 0
      this.lastTried = -1
    }

    /** @param {number} start @param {boolean} canSplitWord */
    scanDelims(start, canSplitWord) {
      const { src } = this
      let end = start
      while (src[end] === src[start]) end++
      let before = start - 1
      while (src[before] === '~') before--
      let after = end
      while (src[after] === '~') after++
      const last = sideOf(/.$/su.exec(src.slice(Math.max(0, before - 1), before + 1))?.[0])
      const next = sideOf(/^./su.exec(src.slice(after, after + 2))?.[0])
      const left = !next.blank && (!next.punctuation || last.blank || last.punctuation)
      const right = !last.blank && (!last.punctuation || next.blank || next.punctuation)
      return {
        can_open: left && (canSplitWord || !right || last.punctuation),
        can_close: right && (canSplitWord || !left || next.punctuation),
        length: end - start,
      }
    }
  }
}

/** The end of the text is a blank. */
function sideOf(character = ' ') {
  return { blank: /\p{White_Space}/u.test(character), punctuation: /[\p{P}\p{S}]/u.test(character) }
}

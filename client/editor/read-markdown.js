/**
 * Markdown to blocks. Every top-level block comes with the lines it was read
 * from; whatever the schema cannot say without loss becomes a `source` block
 * that shows its Markdown.
 */
import MarkdownIt from 'markdown-it'
import { Fragment } from 'prosemirror-model'
import { canonical } from './canonical.js'
import { CALLOUT_KINDS, captionOf, documentFacts } from './dialect.js'
import { isList, schema } from './schema.js'
import { readLikeServer } from './server-markdown.js'
import { blockMarkdown } from './write-markdown.js'

/** @typedef {import('prosemirror-model').Node} PmNode */
/** @typedef {import('prosemirror-model').Mark} Mark */
/** @typedef {any} Token a markdown-it token */
/** @typedef {{ node: PmNode, from: number, to: number }} ReadBlock lines [from, to) */

const { nodes, marks } = schema

const parser = new MarkdownIt('commonmark', { html: true, maxNesting: 100 })
readLikeServer(parser)
// Definitions are left where they stand (they become source blocks); resolving
// them would make a link forget that it was written as a reference.
parser.disable('reference')
keepAddresses(parser)

const definitionParser = new MarkdownIt('commonmark', { html: true, maxNesting: 100 })
readLikeServer(definitionParser)
keepAddresses(definitionParser)

/** Addresses are shown and written as their author wrote them, not percent-encoded. */
function keepAddresses(/** @type {any} */ md) {
  md.normalizeLink = (/** @type {string} */ url) => url
  md.normalizeLinkText = (/** @type {string} */ url) => url
  md.validateLink = () => true
}

/** Thrown where the schema cannot say what the Markdown says. */
class Inexpressible extends Error {}

/**
 * The lines of a text, each with its ending, parted where CommonMark parts them.
 * @param {string} text
 */
export function linesOf(text) {
  return text.match(/[^\r\n]*(?:\r\n?|\n)|[^\r\n]+$/g) ?? []
}

/**
 * @param {string} text
 * @param {{ verify?: boolean }} [options] `verify`: make every block a source
 *   block whose Markdown would not mean the same if it were written anew
 * @returns {ReadBlock[]}
 */
export function readBlocks(text, { verify = false } = {}) {
  const lines = linesOf(text)
  const labels = labelsDefinedIn(text)
  const tokens = parser.parse(text, {})
  /** @type {ReadBlock[]} */
  const blocks = []
  let reached = 0
  for (let at = 0; at < tokens.length;) {
    const end = closing(tokens, at)
    const [from, to] = extent(tokens[at], lines)
    pushUnreadLines(blocks, lines, reached, from)
    const source = normalised(lines.slice(from, to).join(''))
    const node = blockOrNull(tokens.slice(at, end), labels)
    const faithful = node && !(verify && losesSomething(node, source, tokens.slice(at, end)))
    blocks.push({ node: faithful ? node : sourceBlock(source), from, to })
    reached = to
    at = end
  }
  pushUnreadLines(blocks, lines, reached, lines.length)
  return blocks
}

/** Whether two texts say the same blocks. */
export function sameBlocks(/** @type {ReadBlock[]} */ left, /** @type {ReadBlock[]} */ right) {
  return left.length === right.length &&
    left.every(({ node }, index) => canonical(node).eq(canonical(right[index].node)))
}

/** @param {string} text a source block's Markdown */
export function sourceBlock(text) {
  return nodes.source.create({ text })
}

/** Should the parser ever skip lines that are not blank, they are kept too. */
function pushUnreadLines(/** @type {ReadBlock[]} */ blocks, /** @type {string[]} */ lines, /** @type {number} */ from, /** @type {number} */ to) {
  while (from < to && isBlankLine(lines[from])) from++
  while (to > from && isBlankLine(lines[to - 1])) to--
  if (from < to) blocks.push({ node: sourceBlock(normalised(lines.slice(from, to).join(''))), from, to })
}

/** As CommonMark has it: a line with a no-break space is not blank. */
function isBlankLine(/** @type {string} */ line) {
  return /^[ \t]*[\r\n]*$/.test(line)
}

function normalised(/** @type {string} */ source) {
  return source.replace(/\r\n?/g, '\n').replace(/\n$/, '')
}

/** @param {Token} token @param {string[]} lines @returns {[number, number]} */
function extent(token, lines) {
  let [from, to] = token.map
  to = Math.min(to, lines.length)
  // A list's or quotation's extent may include the blank lines after it.
  if (token.type !== 'fence' && token.type !== 'html_block') {
    while (to > from + 1 && isBlankLine(lines[to - 1])) to--
  }
  return [from, to]
}

/** The index after the block that starts at `at`. */
function closing(/** @type {Token[]} */ tokens, /** @type {number} */ at) {
  let depth = 0
  do depth += tokens[at++].nesting
  while (depth > 0)
  return at
}

/** @param {string} text @returns {Set<string>} */
function labelsDefinedIn(text) {
  if (!text.includes(']:')) return new Set()
  /** @type {any} */
  const env = {}
  definitionParser.parse(text, env)
  return new Set(Object.keys(env.references ?? {}))
}

/** @param {Token[]} tokens @param {Set<string>} labels */
function blockOrNull(tokens, labels) {
  try {
    const node = new BlockReader(tokens, labels).block()
    node.check()
    return node
  } catch (error) {
    if (error instanceof Inexpressible || error instanceof RangeError) return null
    throw error
  }
}

/**
 * Whether writing the block anew would say something else. The letters are
 * compared too, since what the parser itself drops (the surplus cells of a
 * row) is missing before and after.
 * @param {PmNode} node @param {string} source @param {Token[]} tokens
 */
function losesSomething(node, source, tokens) {
  if (source.includes('\0') || !keepsTight(node)) return true
  const written = blockMarkdown(canonical(node))
  const readBack = readBlocks(written)
  if (readBack.length !== 1 || !canonical(readBack[0].node).eq(canonical(node))) return true
  if (/&#?\w+;/.test(source)) return false
  const numbered = tokens.some((token) => token.type === 'ordered_list_open')
  const said = (/** @type {string} */ text) =>
    text.replace(numbered ? /[^\p{L}]/gu : /[^\p{L}\p{N}]/gu, '').toLowerCase()
  return said(source) !== said(written)
}

/** A list without blank lines that could only be written with them would be shown otherwise. @param {PmNode} node */
function keepsTight(node) {
  let keeps = true
  const check = (/** @type {PmNode} */ list) => {
    if (isList(list) && list.attrs.tight && !canonical(list).attrs.tight) keeps = false
    return keeps && !list.isTextblock
  }
  check(node)
  node.descendants(check)
  return keeps
}

class BlockReader {
  /** @param {Token[]} tokens @param {Set<string>} labels */
  constructor(tokens, labels) {
    this.tokens = tokens
    this.labels = labels
    this.at = 0
  }

  /** @returns {PmNode} */
  block() {
    const token = this.tokens[this.at++]
    switch (token.type) {
      case 'paragraph_open': {
        const inline = this.tokens[this.at]
        this.at += 2
        return this.paragraph(inline)
      }
      case 'heading_open': {
        const inline = this.tokens[this.at]
        this.at += 2
        return nodes.heading.create({ level: Number(token.tag.slice(1)) }, this.inline(inline))
      }
      case 'bullet_list_open':
        return this.list(nodes.bullet_list, 'bullet_list_close', { marker: token.markup }, token.level)
      case 'ordered_list_open': {
        const start = Number(token.attrGet('start') ?? 1)
        return this.list(nodes.ordered_list, 'ordered_list_close', { marker: token.markup, start }, token.level)
      }
      case 'blockquote_open':
        return nodes.blockquote.create(null, this.contentUntil('blockquote_close'))
      case 'callout_open':
        // A kind that is not offered, or a title of its own.
        if (!CALLOUT_KINDS.includes(token.meta.kind) || token.meta.title) throw new Inexpressible('alert')
        return nodes.callout.create({ kind: token.meta.kind }, this.contentUntil('callout_close'))
      case 'fence':
        return this.code(token.content, token.info.trim())
      case 'code_block':
        return this.code(token.content, '')
      case 'hr':
        return nodes.horizontal_rule.create()
      case 'table_open':
        return this.table()
      default:
        throw new Inexpressible(token.type)
    }
  }

  /** @param {string} close the token that ends the blocks */
  blocksUntil(close) {
    /** @type {PmNode[]} */
    const blocks = []
    while (this.tokens[this.at].type !== close) blocks.push(this.block())
    this.at++
    return blocks
  }

  /** @param {string} close the token that ends the blocks; without any there is a place to type in */
  contentUntil(close) {
    const blocks = this.blocksUntil(close)
    return blocks.length ? blocks : [nodes.paragraph.create()]
  }

  /** @param {Token} inline */
  paragraph(inline) {
    const [only, ...others] = inline.children
    if (only?.type === 'image' && !others.length) {
      this.refuseReferences(inline)
      return nodes.figure.create({
        src: only.attrGet('src') ?? '',
        alt: plainText(only.children ?? []),
        ...captionOf(only.attrGet('title') ?? ''),
      })
    }
    if (labelsDefinedIn(inline.content).size) throw new Inexpressible('definition')
    return this.documentCard(inline) ?? nodes.paragraph.create(null, this.inline(inline))
  }

  /** @param {Token} inline */
  documentCard(inline) {
    const [open, ...rest] = inline.children
    const close = rest.pop()
    // Links are in no link: with one at either end and none between them it is a single one.
    if (open?.type !== 'link_open' || close?.type !== 'link_close') return null
    if (rest.some((/** @type {Token} */ { type }) => type === 'link_open')) return null
    const href = open.attrGet('href') ?? ''
    const facts = documentFacts(href, open.attrGet('title'))
    if (!facts) return null
    this.refuseReferences(inline)
    return nodes.document.create({ href, title: plainText(rest), ...facts })
  }

  /**
   * @param {import('prosemirror-model').NodeType} type @param {string} close
   * @param {Record<string, unknown>} attrs @param {number} level
   */
  list(type, close, attrs, level) {
    const from = this.at
    /** @type {PmNode[]} */
    const items = []
    while (this.tokens[this.at].type !== close) {
      this.at++
      items.push(nodes.list_item.create(null, this.contentUntil('list_item_close')))
    }
    const first = this.tokens.slice(from, this.at)
      .find((token) => token.type === 'paragraph_open' && token.level === level + 2)
    this.at++
    return type.create({ ...attrs, tight: first ? first.hidden : true }, items)
  }

  /** @param {string} content @param {string} info */
  code(content, info) {
    const text = content.replace(/\n$/, '')
    return nodes.code_block.create({ info }, text ? schema.text(text) : null)
  }

  table() {
    /** @type {PmNode[]} */
    const rows = []
    for (; this.tokens[this.at].type !== 'table_close'; this.at++) {
      if (this.tokens[this.at].type !== 'tr_open') continue
      /** @type {PmNode[]} */
      const cells = []
      for (; this.tokens[this.at].type !== 'tr_close'; this.at++) {
        const token = this.tokens[this.at]
        if (token.type !== 'th_open' && token.type !== 'td_open') continue
        const align = /text-align:(\w+)/.exec(token.attrGet('style') ?? '')?.[1] ?? null
        const type = token.type === 'th_open' ? nodes.table_header : nodes.table_cell
        cells.push(type.create({ align }, this.inline(this.tokens[this.at + 1])))
      }
      rows.push(nodes.table_row.create(null, cells))
    }
    this.at++
    return nodes.table.create(null, rows)
  }

  /** @param {Token} inline */
  inline(inline) {
    this.refuseReferences(inline)
    /** @type {PmNode[]} */
    const content = []
    // Emphasis may stand in emphasis: the inner one's end does not end the outer.
    /** @type {Mark[]} */
    const open = []
    for (const token of inline.children) {
      const active = open.reduce((set, mark) => mark.addToSet(set), /** @type {readonly Mark[]} */ ([]))
      switch (token.type) {
        case 'text':
        case 'text_special':
          if (token.content) content.push(schema.text(token.content, active))
          break
        case 'softbreak':
          content.push(schema.text(' ', active))
          break
        case 'hardbreak':
          content.push(nodes.hard_break.create(null, null, active))
          break
        case 'code_inline':
          content.push(schema.text(token.content, marks.code.create().addToSet(active)))
          break
        case 'strong_open': open.push(marks.strong.create()); break
        case 'em_open': open.push(marks.em.create()); break
        case 's_open': open.push(marks.strike.create()); break
        case 'link_open':
          open.push(marks.link.create({ href: token.attrGet('href') ?? '', title: token.attrGet('title') || null }))
          break
        case 'strong_close': case 'em_close': case 's_close': case 'link_close':
          open.pop()
          break
        default:
          throw new Inexpressible(token.type)
      }
    }
    return Fragment.fromArray(content)
  }

  /**
   * What means something on the server but reads as plain text here must not
   * be edited as plain text, or its meaning would be escaped away.
   * @param {Token} inline
   */
  refuseReferences(inline) {
    if (!this.labels.size) return
    const content = withoutCode(inline.content)
    for (const [, label] of content.matchAll(/\[((?:[^[\]\\]|\\.)+)\]/gs)) {
      if (this.labels.has(parser.utils.normalizeReference(label))) throw new Inexpressible('reference')
    }
  }
}

/** The text without its code spans, in which nothing has a meaning. */
function withoutCode(/** @type {string} */ text) {
  if (!text.includes('`')) return text
  let kept = ''
  for (let at = 0; at < text.length;) {
    const [piece] = /** @type {RegExpExecArray} */ (/^(?:\\.|`+|[^\\`]+|\\)/s.exec(text.slice(at)))
    const close = piece[0] === '`' ? closingRun(text, at + piece.length, piece.length) : -1
    if (close < 0) kept += piece
    at = close < 0 ? at + piece.length : close
  }
  return kept
}

/** The index after the next run of just so many backticks, or -1. */
function closingRun(/** @type {string} */ text, /** @type {number} */ from, /** @type {number} */ length) {
  for (const run of text.slice(from).matchAll(/`+/g)) {
    if (run[0].length === length) return from + run.index + length
  }
  return -1
}

/** @param {Token[]} tokens @returns {string} */
function plainText(tokens) {
  return tokens
    .map((token) => {
      if (token.children?.length) return plainText(token.children)
      if (token.type === 'softbreak' || token.type === 'hardbreak') return ' '
      if (token.type === 'html_inline') throw new Inexpressible('html_inline')
      return token.content ?? ''
    })
    .join('')
}

/** Used where a paragraph's or heading's own Markdown is checked. */
export function readsAs(/** @type {string} */ text, /** @type {PmNode} */ node) {
  const blocks = readBlocks(text)
  return blocks.length === 1 && canonical(blocks[0].node).eq(node)
}

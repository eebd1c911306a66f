/**
 * What a reader gets of a text, block by block and as plain lines: once of the
 * HTML that the server makes, once of the blocks that the editor reads. Where
 * both say the same, both outlines are the same.
 */
import { safeHref } from '../dialect.js'
import { isList, schema } from '../schema.js'

/** @typedef {import('prosemirror-model').Node} PmNode */
/** @typedef {{ tag: string, attrs: Record<string, string>, children: (Element | string)[] }} Element */
/** @typedef {{ text: string, marks: string[] }} Run a text, or `\n` for a break */
/** @typedef {{ says: string, runs?: Run[], children?: Block[], source?: string }} Block */

const { nodes } = schema

/* ---- of the server's HTML ------------------------------------------------ */

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0', '#39': "'" }

/** The few references that the server's own serialisers write. @param {string} text */
function decoded(text) {
  return text.replace(/&([^;]*);?/g, (whole, name) => {
    const character = ENTITIES[/** @type {'amp'} */ (name)]
    if (!character || !whole.endsWith(';')) throw new Error(`no reference that the server writes: ${whole}`)
    return character
  })
}

const VOID = ['br', 'hr', 'img', 'source']

/**
 * The HTML as a tree. It comes from serialisers, so that anything but well
 * formed HTML is a fault.
 * @param {string} html @returns {(Element | string)[]}
 */
export function parseHtml(html) {
  /** @type {Element} */
  const root = { tag: '', attrs: {}, children: [] }
  const open = [root]
  let reached = 0
  for (const found of html.matchAll(/<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>|[^<]+/g)) {
    if (found.index !== reached) throw new Error(`not well formed: ${html.slice(reached)}`)
    reached += found[0].length
    const [whole, end, tag, attributes] = found
    const parent = open[open.length - 1]
    if (!tag) {
      parent.children.push(decoded(whole))
    } else if (end) {
      if (open.pop()?.tag !== tag) throw new Error(`${whole} closes another element: ${html}`)
    } else {
      /** @type {Element} */
      const element = { tag, attrs: {}, children: [] }
      for (const [, name, value] of attributes.matchAll(/ ([a-z-]+)="([^"]*)"/g)) element.attrs[name] = decoded(value)
      parent.children.push(element)
      if (!VOID.includes(tag)) open.push(element)
    }
  }
  if (reached !== html.length || open.length > 1) throw new Error(`not well formed: ${html.slice(reached)}`)
  return root.children
}

const MARKS = { strong: 'strong', em: 'em', del: 'strike', code: 'code' }

/** @param {Element | string} node */
const isInline = (node) => typeof node === 'string' || node.tag in MARKS || node.tag === 'a' || node.tag === 'br'

/** @param {string} html @returns {Block[]} */
export function outlineOfHtml(html) {
  return blocksOf(parseHtml(html))
}

/** @param {(Element | string)[]} children @returns {Block[]} */
function blocksOf(children) {
  /** @type {Block[]} */
  const blocks = []
  for (let at = 0; at < children.length;) {
    const from = at
    while (at < children.length && isInline(children[at])) at++
    // The text of a tight list's item has no element of its own.
    if (at > from) blocks.push(...paragraph(runsOf(children.slice(from, at))))
    else blocks.push(...blockOf(/** @type {Element} */ (children[at++])))
  }
  return blocks
}

/** @param {Run[]} runs @returns {Block[]} none if nothing is to be read in it */
function paragraph(runs) {
  const shown = asShown(runs)
  return shown.length ? [{ says: 'paragraph', runs: shown }] : []
}

/** @param {Element} element @returns {Block[]} */
function blockOf(element) {
  const { tag, attrs, children } = element
  switch (tag) {
    case 'p':
      return attrs.class === 'document' ? [documentOf(element)] : paragraph(runsOf(children))
    case 'h2': case 'h3': case 'h4':
      return [{ says: `heading ${tag[1]}`, runs: asShown(runsOf(children)) }]
    case 'ul': case 'ol': {
      const items = elementsOf(element).map((item) => ({ says: 'item', children: blocksOf(item.children) }))
      const loose = elementsOf(element).some((item) => elementsOf(item).some((child) => child.tag === 'p' && child.attrs.class !== 'document'))
      return [listBlock(tag === 'ol' ? Number(attrs.start ?? 1) : null, loose, items)]
    }
    case 'blockquote':
      return [{ says: 'quotation', children: blocksOf(children) }]
    case 'div':
      return [calloutOf(element)]
    case 'pre':
      return [codeBlock(textOf(element).replace(/\n$/, ''))]
    case 'hr':
      return [{ says: 'rule' }]
    case 'figure':
      return [figureOf(element)]
    case 'section':
      return [tableOf(elementsOf(element)[0])]
    default:
      throw new Error(`no block: ${tag}`)
  }
}

/** @param {Element} element @returns {Element[]} */
function elementsOf(element) {
  return element.children.filter((child) => typeof child !== 'string')
}

/** @param {Element | string} node @returns {string} */
function textOf(node) {
  return typeof node === 'string' ? node : node.children.map(textOf).join('')
}

/** @param {(Element | string)[]} children @param {string[]} [marks] @returns {Run[]} */
function runsOf(children, marks = []) {
  return children.flatMap((child) => {
    if (typeof child === 'string') return [{ text: child.replace(/\n/g, ' '), marks }]
    if (child.tag === 'br') return [{ text: '\n', marks: [] }]
    const mark = child.tag === 'a' ? linkMark(child.attrs.href, child.attrs.title) : MARKS[/** @type {'em'} */ (child.tag)]
    if (!mark) throw new Error(`no mark: ${child.tag}`)
    return runsOf(child.children, [...marks, mark])
  })
}

const KIND_NAMES = { note: 'Lưu ý', tip: 'Lưu ý', important: 'Quan trọng', warning: 'Cảnh báo', caution: 'Cảnh báo' }

/** @param {Element} element @returns {Block} */
function calloutOf(element) {
  const kind = /^markdown-alert markdown-alert-(\w+)$/.exec(element.attrs.class)?.[1] ?? ''
  const [title, ...rest] = elementsOf(element)
  if (title?.attrs.class !== 'markdown-alert-title') throw new Error(`a call-out without a title: ${element.attrs.class}`)
  const named = textOf(title) === KIND_NAMES[/** @type {'note'} */ (kind)] ? '' : `, titled ${textOf(title)}`
  return { says: `call-out ${kind.toUpperCase()}${named}`, children: blocksOf(rest) }
}

/** @param {Element} figure @returns {Block} */
function figureOf(figure) {
  const [picture, legend] = elementsOf(figure)
  const { src, alt } = elementsOf(picture).find(({ tag }) => tag === 'img')?.attrs ?? {}
  const span = legend && elementsOf(legend)[0]
  const caption = (legend?.children ?? []).filter((child) => child !== span).map(textOf).join('').trim()
  const credit = span ? textOf(span) : ''
  return figureBlock(src, alt, caption, caption ? credit.replace(/^\((.*)\)$/s, '$1') : credit)
}

/** @param {Element} element @returns {Block} */
function documentOf(element) {
  const [link, facts] = elementsOf(element)
  const said = /^(?:số (.*), )?ngày (\d\d)\/(\d\d)\/(\d+)(?: \([^)]*\))?$/s.exec(textOf(facts))
  if (!said) throw new Error(`no facts of a document: ${textOf(facts)}`)
  const [, number = '', day, month, year] = said
  return documentBlock(link.attrs.href, textOf(link), number, `${year.padStart(4, '0')}-${month}-${day}`)
}

/** @param {Element} table @returns {Block} */
function tableOf(table) {
  const rows = elementsOf(table).flatMap(elementsOf)
  return {
    says: 'table',
    children: rows.map((row) => ({
      says: 'row',
      children: elementsOf(row).map((cell) => cellBlock(cell.tag === 'th', cell.attrs.align ?? null, runsOf(cell.children))),
    })),
  }
}

/* ---- of the editor's blocks ---------------------------------------------- */

/** @param {PmNode} node @returns {Block[]} none for a paragraph that only is a place to type in */
export function outlineOfNode(node) {
  const { attrs } = node
  switch (node.type) {
    case nodes.paragraph:
      return paragraph(runsOfNode(node))
    case nodes.heading:
      return [{ says: `heading ${/** @type {string[]} */ (nodes.heading.spec.toDOM?.(node))[0][1]}`, runs: asShown(runsOfNode(node)) }]
    case nodes.bullet_list: case nodes.ordered_list:
      return [listBlock(node.type === nodes.ordered_list ? attrs.start : null, !attrs.tight, childrenOf(node))]
    case nodes.list_item:
      return [{ says: 'item', children: childrenOf(node) }]
    case nodes.blockquote:
      return [{ says: 'quotation', children: childrenOf(node) }]
    case nodes.callout:
      return [{ says: `call-out ${attrs.kind}`, children: childrenOf(node) }]
    case nodes.code_block:
      return [codeBlock(node.textContent)]
    case nodes.horizontal_rule:
      return [{ says: 'rule' }]
    case nodes.table:
      return [{ says: 'table', children: childrenOf(node) }]
    case nodes.table_row:
      return [{ says: 'row', children: childrenOf(node) }]
    case nodes.table_header: case nodes.table_cell:
      return [cellBlock(node.type === nodes.table_header, attrs.align, runsOfNode(node))]
    case nodes.figure:
      // A credit that does not say what it is gets a word for that from the server.
      return [figureBlock(attrs.src, attrs.alt, attrs.caption, !attrs.credit || attrs.credit.includes(':') ? attrs.credit : `Ảnh: ${attrs.credit}`)]
    case nodes.document:
      return [documentBlock(attrs.href, attrs.title, attrs.number, attrs.date)]
    case nodes.source:
      return [{ says: 'Markdown as it is', source: attrs.text }]
    default:
      throw new Error(`no outline of ${node.type.name}`)
  }
}

/** @param {PmNode} parent @returns {Block[]} */
function childrenOf(parent) {
  /** @type {Block[]} */
  const blocks = []
  parent.forEach((child) => blocks.push(...outlineOfNode(child)))
  return blocks
}

/** @param {PmNode} block @returns {Run[]} */
function runsOfNode(block) {
  /** @type {Run[]} */
  const runs = []
  block.forEach((child) => {
    if (child.type === nodes.hard_break) runs.push({ text: '\n', marks: [] })
    else runs.push({ text: child.text ?? '', marks: child.marks.map(({ type, attrs }) => (type.name === 'link' ? linkMark(safeAddress(attrs.href), attrs.title) : type.name)) })
  })
  return runs
}

/** An address as the server writes it, or none where it sends nobody. @param {string} href */
function safeAddress(href) {
  return safeHref(href)?.replace(/%(?![0-9a-f]{2})|[^-_.+!*(),#@?=;:/+$~%&'a-z0-9]/giu, (character) =>
    [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''))
}

/* ---- of either ----------------------------------------------------------- */

/** An address that the server emptied leads nowhere, like one that it took away. @param {string | undefined} href @param {string | null} [title] */
function linkMark(href, title) {
  return `link to ${href || 'nowhere'}${title ? ` (${JSON.stringify(title)})` : ''}`
}

/** @param {number | null} start @param {boolean} loose @param {Block[]} items @returns {Block} */
function listBlock(start, loose, items) {
  // Without a paragraph nothing of it can be seen.
  const spoken = items.some((item) => item.children?.some(({ says }) => says === 'paragraph'))
  const kind = start == null ? 'list' : `list from ${start}`
  return { says: spoken ? `${loose ? 'loose' : 'tight'} ${kind}` : kind, children: items }
}

/** @param {string} text @returns {Block} */
function codeBlock(text) {
  return { says: `code ${JSON.stringify(text)}` }
}

/** @param {string | undefined} src @param {string | undefined} alt @param {string} caption @param {string} credit @returns {Block} */
function figureBlock(src, alt, caption, credit) {
  return { says: `figure ${JSON.stringify({ src, alt, caption, credit })}` }
}

/** @param {string} href @param {string} title @param {string} number @param {string} date @returns {Block} */
function documentBlock(href, title, number, date) {
  return { says: `document ${JSON.stringify({ href, title, number, date })}` }
}

/** @param {boolean} header @param {string | null} align @param {Run[]} runs @returns {Block} */
function cellBlock(header, align, runs) {
  return { says: `${header ? 'header' : 'cell'}${align ? ` to the ${align}` : ''}`, runs: asShown(runs) }
}

/**
 * The runs as a browser shows them: blanks in a row are one, there are none at
 * either end of a line, and what has the same marks is one run.
 * @param {Run[]} runs @returns {Run[]}
 */
function asShown(runs) {
  /** @type {Run[]} */
  const shown = []
  let blank = true
  for (const { text, marks } of runs) {
    if (text === '\n') {
      trimLast(shown)
      shown.push({ text, marks: [] })
      blank = true
      continue
    }
    let kept = ''
    for (const character of text) {
      const isBlank = /[ \t\n\f\r]/.test(character)
      if (!isBlank) kept += character
      else if (!blank) kept += ' '
      blank = isBlank
    }
    if (!kept) continue
    const sorted = [...new Set(marks)].sort()
    const last = shown.at(-1)
    if (last && last.text !== '\n' && String(last.marks) === String(sorted)) last.text += kept
    else shown.push({ text: kept, marks: sorted })
  }
  trimLast(shown)
  return shown
}

/** @param {Run[]} runs */
function trimLast(runs) {
  const last = runs.at(-1)
  if (!last || last.text === '\n') return
  last.text = last.text.replace(/ $/, '')
  if (!last.text) runs.pop()
}

/* ---- compared ------------------------------------------------------------ */

/**
 * @param {Block[]} editor @param {Block[]} server
 * @returns {string | null} both outlines, with a sign where they part; null if they say the same
 */
export function differenceOf(editor, server) {
  if (match(editor, server)) return null
  const left = editor.flatMap((block) => linesOfBlock(block))
  const right = server.flatMap((block, index) => linesOfBlock(withoutBareLinks(block, editor[index])))
  const at = left.findIndex((line, index) => line !== right[index])
  const show = (/** @type {string[]} */ lines) => lines.map((line, index) => `  ${index === at ? '→' : ' '} ${line}`).join('\n')
  return `  the editor reads\n${show(left)}\n  the server reads\n${show(right)}`
}

/**
 * Whether block by block the same is said. Markdown that the editor shows as it
 * is stands for as many of the server's blocks as its letters are in.
 * @param {Block[]} editor @param {Block[]} server @returns {boolean}
 */
function match([block, ...editor], server) {
  if (!block) return !server.length
  const { source } = block
  if (source == null) {
    const [shown, ...rest] = server
    return shown != null && isSame(block, shown) && match(editor, rest)
  }
  return [...server, null].some((_, count) => holds(source, server.slice(0, count)) && match(editor, server.slice(count)))
}

/** @param {Block} editor @param {Block} server */
function isSame(editor, server) {
  return String(linesOfBlock(editor)) === String(linesOfBlock(withoutBareLinks(server, editor)))
}

/**
 * The server makes a link of an address that stands in the text by itself; the
 * editor leaves it the text that it is, and the server finds it there again. So
 * such a link is as good as its text, where the editor has that.
 * @param {Block} server @param {Block | undefined} editor @returns {Block}
 */
function withoutBareLinks(server, editor) {
  const children = server.children?.map((child, index) => withoutBareLinks(child, editor?.children?.[index]))
  if (!server.runs || !editor?.runs || textIn(server.runs) !== textIn(editor.runs)) return { ...server, children }
  const linked = editor.runs.flatMap(({ text, marks }) => Array.from(text, () => marks.some((mark) => mark.startsWith('link'))))
  let at = 0
  const runs = server.runs.map(({ text, marks }) => {
    const from = at
    at += Array.from(text).length
    const isBare = ['', 'http://', 'mailto:'].some((scheme) => marks.includes(linkMark(safeAddress(scheme + text)))) ||
      // Nor is anybody sent to some of them: to an odd host, or by another scheme.
      (/^(?:www\.|(?:https?|ftp|xmpp):)/i.test(text) && marks.includes(linkMark(undefined)))
    return { text, marks: isBare && !linked.slice(from, at).includes(true) ? marks.filter((mark) => !mark.startsWith('link')) : marks }
  })
  return { ...server, children, runs: asShown(runs) }
}

function textIn(/** @type {Run[]} */ runs) {
  return runs.map(({ text }) => text).join('')
}

/** Whether all letters of the blocks are in the source, in their order. @param {string} source @param {Block[]} blocks */
function holds(source, blocks) {
  const letters = (/** @type {string} */ text) => text.replace(/[^\p{L}\p{N}]/gu, '')
  const said = (/** @type {Block} */ { runs = [], children = [] }) => /** @type {string} */ (letters(textIn(runs)) + children.map(said).join(''))
  let rest = letters(source)
  return [...blocks.map(said).join('')].every((letter) => {
    const at = rest.indexOf(letter)
    rest = rest.slice(at + 1)
    return at >= 0
  })
}

/** @param {Block} block @param {string} [indent] @returns {string[]} */
function linesOfBlock({ says, runs, children, source }, indent = '') {
  return [
    `${indent}${says}${source == null ? '' : ` ${JSON.stringify(source)}`}`,
    ...(runs ?? []).map(({ text, marks }) => `${indent}  ${text === '\n' ? 'break' : [...marks, JSON.stringify(text)].join(', ')}`),
    ...(children ?? []).flatMap((child) => linesOfBlock(child, `${indent}  `)),
  ]
}

/**
 * What is pasted, reduced to what an announcement may hold: structure, bold,
 * italic, links and tables stay; fonts, colours, scripts, pictures of other
 * places and the tricks of word processors go.
 */
import { Fragment, Slice } from 'prosemirror-model'
import { safeHref } from './dialect.js'
import { buildWordLists } from './paste-word.js'
import { schema } from './schema.js'

const { nodes } = schema

/** Elements dropped with all they hold. */
const DROPPED = [
  'script', 'style', 'meta', 'link', 'title', 'base', 'xml', 'template', 'noscript', 'iframe', 'object', 'embed', 'applet',
  'svg', 'math', 'canvas', 'video', 'audio', 'map', 'button', 'select', 'textarea', 'input', 'dialog', 'nav',
  // Word: what the paragraph mark and the drawing layer leave
  'o\\:p:empty', 'v\\:shapetype', 'v\\:shape', 'v\\:imagedata', 'w\\:sdtpr', 'w\\:data',
].join(',')

const KEPT_ATTRIBUTES = new Set(['href', 'colspan', 'rowspan', 'start'])

const BLOCKS = 'p,h1,h2,h3,h4,h5,h6,ul,ol,table,blockquote,pre,hr,div,section,article'

/** @param {string} html @returns {string} */
export function cleanPastedHtml(html) {
  // Copied from this editor: exactly what the schema can say, and nothing else is read.
  if (/<[^>]+\sdata-pm-slice=/.test(html)) return html
  const inert = withoutPolicyBreaches(html)
  const { body } = new DOMParser().parseFromString(inert, 'text/html')
  const styleOf = (/** @type {Element} */ dom) => dom.getAttribute('data-style') ?? ''

  removeComments(body)
  for (const dom of body.querySelectorAll(DROPPED)) dom.remove()
  if (/urn:schemas-microsoft-com|\bmso-|class="?Mso/i.test(html)) {
    // A tracked deletion; elsewhere <del> is text that is shown struck out.
    for (const dom of body.querySelectorAll('del')) dom.remove()
  }
  for (const dom of [...body.querySelectorAll('*')]) {
    const style = styleOf(dom)
    if (
      styled(style, 'display') === 'none' || /mso-hide:\s*all|mso-element:\s*comment|mso-special-character:\s*comment/i.test(style) ||
      dom.hasAttribute('hidden') || /\b(msoDel|MsoCommentReference)\b/.test(dom.className)
    ) dom.remove()
  }
  buildWordLists(body, styleOf)
  for (const dom of [...body.querySelectorAll('*')]) restyle(/** @type {HTMLElement} */ (dom), styleOf(dom))
  shiftHeadings(body)
  for (const table of [...body.querySelectorAll('table')].reverse()) flattenTable(table)
  for (const picture of body.querySelectorAll('img, picture, source')) picture.remove()
  removeStrayBreaks(body)
  tidyText(body)
  for (const dom of body.querySelectorAll('*')) {
    for (const { name } of [...dom.attributes]) if (!KEPT_ATTRIBUTES.has(name)) dom.removeAttribute(name)
  }
  for (const dom of [...body.querySelectorAll('p, li, h1, h2, h3, h4, h5, h6, div')].reverse()) {
    if (!dom.textContent?.trim() && !dom.querySelector('hr, table')) dom.remove()
  }
  return body.innerHTML
}

/**
 * Even a document that is never shown reports each style and script in it to
 * the page's policy, so they are taken out of the text before it is parsed;
 * the styles' words are kept aside, for they say what is bold or a list.
 * @param {string} html
 */
function withoutPolicyBreaches(html) {
  return html
    .replace(/<(style|script)\b[^]*?<\/\1\s*>/gi, '')
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s/"'])(style|on[a-z]+)(?=\s*=)/gi, '$1data-$2'))
}

/** What a style says of one property, in small letters. @param {string} style @param {string} property */
function styled(style, property) {
  for (const declaration of style.split(';')) {
    const colon = declaration.indexOf(':')
    if (declaration.slice(0, colon).trim().toLowerCase() === property) return declaration.slice(colon + 1).trim().toLowerCase()
  }
  return ''
}

/** @param {Node} root */
function removeComments(root) {
  for (const child of [...root.childNodes]) {
    if (child.nodeType === Node.COMMENT_NODE) child.remove()
    else removeComments(child)
  }
}

/** @param {Element} dom */
function unwrap(dom) {
  dom.replaceWith(...dom.childNodes)
}

/** @param {Element} dom @param {string} tag */
function rename(dom, tag) {
  const renamed = dom.ownerDocument.createElement(tag)
  renamed.append(...dom.childNodes)
  dom.replaceWith(renamed)
  return renamed
}

/** Turns what a style or an old element says into an element of ours. @param {HTMLElement} dom @param {string} style */
function restyle(dom, style) {
  const tag = dom.localName
  switch (tag) {
    case 'b': case 'strong':
      // Google Docs wraps everything in a <b> that is not bold.
      if (/^(normal|[1-4]00)/.test(styled(style, 'font-weight')) || dom.closest('h1,h2,h3,h4,h5,h6,th')) unwrap(dom)
      return
    case 'i': case 'em':
      if (styled(style, 'font-style') === 'normal') unwrap(dom)
      return
    case 'a': {
      const href = dom.getAttribute('href') ?? ''
      // Word's own anchors, and addresses on the writer's disk.
      if (!href || href.startsWith('#_') || href === '#' || !safeHref(href)) unwrap(dom)
      else if (/^https:\/\/www\.google\.com\/url\?/.test(href)) {
        dom.setAttribute('href', new URL(href).searchParams.get('q') ?? href)
      }
      return
    }
    case 'sup': case 'sub':
      dom.replaceWith(raised(dom.textContent ?? '', tag) ?? dom.textContent ?? '')
      return
    case 'p':
      if (/\bMso(Title|Heading1)\b/.test(dom.className)) rename(dom, 'h1')
      else if (/\bMsoSubtitle\b/.test(dom.className)) rename(dom, 'h2')
      else if (/\bMso(Intense)?Quote\b/.test(dom.className)) wrapIn(dom, 'blockquote')
      return
    case 'span': case 'font': case 'ins': case 'u': case 'label': case 'small': case 'big': case 'mark': case 'abbr':
      restyleSpan(dom, style)
      return
    default:
      // Word's smart tags and paragraph marks: <o:p>, <st1:place>
      if (tag.includes(':')) unwrap(dom)
  }
}

/** @param {HTMLElement} dom @param {string} tag */
function wrapIn(dom, tag) {
  const outer = dom.ownerDocument.createElement(tag)
  dom.before(outer)
  outer.append(dom)
}

/** @param {HTMLElement} dom @param {string} style */
function restyleSpan(dom, style) {
  const inHeading = dom.closest('h1,h2,h3,h4,h5,h6,th')
  const wrappers = [
    !inHeading && /^(bold|[6-9]00)/.test(styled(style, 'font-weight')) && 'strong',
    styled(style, 'font-style') === 'italic' && 'em',
    `${styled(style, 'text-decoration')} ${styled(style, 'text-decoration-line')}`.includes('line-through') && 's',
  ].filter((tag) => typeof tag === 'string')
  if (!wrappers.length || dom.querySelector(BLOCKS)) return unwrap(dom)
  for (const tag of wrappers.slice(1)) {
    const inner = dom.ownerDocument.createElement(tag)
    inner.append(...dom.childNodes)
    dom.append(inner)
  }
  rename(dom, wrappers[0])
}

/** m² and H₂O can be said in plain characters. @param {string} text @param {'sup' | 'sub'} tag */
function raised(text, tag) {
  if (!/^\d{1,3}$/.test(text)) return null
  const digits = tag === 'sup' ? '⁰¹²³⁴⁵⁶⁷⁸⁹' : '₀₁₂₃₄₅₆₇₈₉'
  return [...text].map((digit) => digits[Number(digit)]).join('')
}

/** The page's title is the only first-level heading, so a pasted one goes down. @param {HTMLElement} body */
function shiftHeadings(body) {
  if (!body.querySelector('h1')) return
  for (const dom of [...body.querySelectorAll('h1, h2, h3, h4, h5, h6')]) {
    rename(dom, `h${Math.min(4, Number(dom.localName[1]) + 1)}`)
  }
}

/**
 * Gives each cell one line of text and each row the same number of cells. A
 * table of one cell or inside another one is layout: its content stays.
 * @param {HTMLTableElement} table
 */
function flattenTable(table) {
  const rows = [...table.rows]
  const doc = table.ownerDocument
  if (table.parentElement?.closest('td, th')) {
    table.replaceWith(doc.createTextNode(` ${rows.flatMap((row) => [...row.cells]).map((cell) => cell.textContent?.trim()).join(' ')} `))
    return
  }
  if (rows.length <= 1 && (rows[0]?.cells.length ?? 0) <= 1) {
    const block = doc.createElement('div')
    block.append(...(rows[0]?.cells[0]?.childNodes ?? []))
    table.replaceWith(block)
    return
  }
  /** @type {(HTMLElement | undefined)[][]} */
  const grid = rows.map(() => [])
  rows.forEach((row, y) => {
    let x = 0
    for (const cell of [...row.cells]) {
      while (grid[y][x]) x++
      const width = Math.min(cell.colSpan, 50)
      const height = Math.min(cell.rowSpan || rows.length - y, rows.length - y)
      for (let dy = 0; dy < height; dy++) {
        for (let dx = 0; dx < width; dx++) {
          grid[y + dy][x + dx] = dx || dy ? doc.createElement('td') : lineCell(cell)
        }
      }
      x += width
    }
  })
  const columns = Math.max(...grid.map((row) => row.length))
  const flat = doc.createElement('table')
  grid.forEach((cells, y) => {
    const tr = doc.createElement('tr')
    for (let x = 0; x < columns; x++) {
      const cell = cells[x] ?? doc.createElement('td')
      tr.append(y === 0 && cell.localName !== 'th' ? rename(detached(cell), 'th') : cell)
      // A header cell is bold by itself.
      if (y === 0) for (const bold of tr.querySelectorAll('b, strong')) unwrap(bold)
    }
    flat.append(tr)
  })
  if (flat.textContent?.trim()) table.replaceWith(flat)
  else table.remove()
}

/** `rename` replaces in place, so the element needs a parent. @param {HTMLElement} cell */
function detached(cell) {
  cell.ownerDocument.createElement('tr').append(cell)
  return cell
}

/** @param {HTMLTableCellElement} cell */
function lineCell(cell) {
  const made = cell.ownerDocument.createElement(cell.localName)
  for (const block of cell.querySelectorAll('p, div, li, h1, h2, h3, h4, h5, h6, br, pre, blockquote')) {
    if (block.localName !== 'br' && !block.textContent?.trim()) continue
    block.after(' ')
    block.before(' ')
  }
  for (const block of [...cell.querySelectorAll('p, div, ul, ol, li, h1, h2, h3, h4, h5, h6, pre, blockquote')]) unwrap(block)
  for (const lineBreak of cell.querySelectorAll('br, hr')) lineBreak.remove()
  made.append(...cell.childNodes)
  return made
}

/** Breaks between blocks, and at their ends, are only spacing. @param {HTMLElement} body */
function removeStrayBreaks(body) {
  for (const dom of body.querySelectorAll('br')) {
    const { parentElement } = dom
    const beside = parentElement && [...parentElement.children].some((sibling) => sibling.matches(BLOCKS))
    if (beside || !dom.nextSibling) dom.remove()
  }
}

/** No-break spaces that only make space become spaces; a lone one is meant. @param {Node} root */
function tidyText(root) {
  for (const child of root.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) {
      const text = /** @type {Text} */ (child)
      if (!(/** @type {Element} */ (root).closest?.('pre'))) {
        text.data = text.data.replace(/[ \t\r\n]*\u00a0[\u00a0 \t\r\n]+|[ \t\r\n]+\u00a0/g, ' ')
      }
    } else tidyText(child)
  }
}

/**
 * Plain text: a blank line parts paragraphs, a single one breaks the line.
 * @param {string} text
 * @param {import('prosemirror-model').ResolvedPos} $context
 */
export function plainTextSlice(text, $context) {
  const marks = $context.marks()
  const blocks = text.replace(/\r\n?/g, '\n').split(/\n[ \t]*(?:\n[ \t]*)+/).filter((block) => block.trim())
  const paragraphs = blocks.map((block) => {
    /** @type {import('prosemirror-model').Node[]} */
    const content = []
    for (const line of block.split('\n')) {
      if (content.length) content.push(nodes.hard_break.create())
      if (line) content.push(schema.text(line, marks))
    }
    return nodes.paragraph.create(null, content)
  })
  return Slice.maxOpen(Fragment.fromArray(paragraphs))
}

/** The slice as one line, for places that hold only that. @param {Slice} slice */
export function oneLine(slice) {
  return slice.content.textBetween(0, slice.content.size, ' ', ' ').replace(/\s+/g, ' ').trim()
}

/** Whether pasted HTML says anything besides a picture. @param {string} html */
export function hasText(html) {
  return !!new DOMParser().parseFromString(cleanPastedHtml(html), 'text/html').body.textContent?.trim()
}

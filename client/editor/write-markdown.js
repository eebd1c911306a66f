/** Blocks to Markdown. The blocks given are canonical (see `canonical.js`). */
import { captionTitle, documentTitle } from './dialect.js'
import { readsAs } from './read-markdown.js'
import { isList, schema } from './schema.js'
import { addressAndTitle, escapeText, inlineMarkdown, isPlainProse, MANNERS } from './write-inline.js'

/** @typedef {import('prosemirror-model').Node} PmNode */

const { nodes } = schema

/** Markers that tell a list from the list of the same kind right before it. */
const MARKERS = { bullet_list: ['-', '*', '+'], ordered_list: ['.', ')'] }

/**
 * The ways to write a block; the first is the best, the others serve where the
 * first would run into its neighbour.
 * @param {PmNode} node canonical
 * @param {{ marker?: string, definitions?: boolean }} [options] the list marker
 *   its author used, and whether link definitions stand elsewhere in the text
 */
export function markdownVariants(node, { marker, definitions = false } = {}) {
  const writer = new BlockWriter(definitions)
  if (!isList(node)) return [writer.block(node)]
  const markers = MARKERS[/** @type {'bullet_list' | 'ordered_list'} */ (node.type.name)]
  const ordered = marker && markers.includes(marker) ? [marker, ...markers.filter((m) => m !== marker)] : markers
  return ordered.map((m) => writer.block(node, m))
}

/** @param {PmNode} node canonical @returns {string} lines without a final newline */
export function blockMarkdown(node) {
  return new BlockWriter(false).block(node)
}

class BlockWriter {
  /** @param {boolean} definitions whether `[a]` could name a definition elsewhere */
  constructor(definitions) {
    this.definitions = definitions
  }

  /**
   * @param {PmNode} node canonical
   * @param {string} [marker] for a list
   * @param {boolean} [nested] inside a list or quotation
   * @returns {string} lines without a final newline
   */
  block(node, marker, nested = false) {
    switch (node.type) {
      case nodes.paragraph:
        return this.inline(node, (text) => text)
      case nodes.heading:
        return this.inline(node, (text) => {
          // A final run of number signs would be taken for the heading's end.
          const shown = text.replace(/(^|[ \t])(#+)$/, '$1\\$2')
          return `${'#'.repeat(node.attrs.level)} ${shown}`.trimEnd()
        })
      case nodes.bullet_list:
      case nodes.ordered_list:
        return this.list(node, marker ?? MARKERS[/** @type {'bullet_list'} */ (node.type.name)][0])
      case nodes.blockquote:
        return prefixed(this.children(node, '\n\n'), '> ', '> ')
      case nodes.callout:
        return this.callout(node)
      case nodes.code_block:
        return codeMarkdown(node)
      case nodes.horizontal_rule:
        // Inside a list hyphens or asterisks could join the item's marker.
        return nested ? '___' : '---'
      case nodes.table:
        return this.table(node)
      case nodes.figure:
        return figureMarkdown(node)
      case nodes.document:
        return documentMarkdown(node)
      case nodes.source:
        return node.attrs.text
      default:
        throw new Error(`No Markdown for ${node.type.name}`)
    }
  }

  /**
   * The text in the first manner that is read back as it is.
   * @param {PmNode} block @param {(text: string) => string} frame
   */
  inline(block, frame) {
    if (isPlainProse(block)) return frame(block.textContent)
    let written = ''
    for (const manner of this.manners(block)) {
      written = frame(inlineMarkdown(block, manner))
      if (readsAs(written, block)) break
    }
    return written
  }

  /** @param {PmNode} parent @param {string} separator @param {string} [outerMarker] */
  children(parent, separator, outerMarker) {
    /** @type {string[]} */
    const parts = []
    let before = /** @type {{ node: PmNode, marker: string } | null} */ (null)
    parent.forEach((child, _, index) => {
      let marker
      if (isList(child)) {
        const markers = MARKERS[/** @type {'bullet_list' | 'ordered_list'} */ (child.type.name)]
        // Another marker than the list right before, and than the list whose item
        // begins with this one: `- - -` is a rule.
        const other = before?.node.type === child.type ? before.marker : index === 0 ? outerMarker : null
        marker = markers[other === markers[0] ? 1 : 0]
      }
      parts.push(this.block(child, marker, true))
      before = { node: child, marker: marker ?? '' }
    })
    return parts.join(separator)
  }

  /** @param {PmNode} list @param {string} marker */
  list(list, marker) {
    const between = list.attrs.tight ? '\n' : '\n\n'
    /** @type {string[]} */
    const items = []
    list.forEach((item, _, index) => {
      const lead = list.type === nodes.ordered_list ? `${list.attrs.start + index}${marker} ` : `${marker} `
      items.push(prefixed(this.children(item, between, marker), lead, ' '.repeat(lead.length)))
    })
    return items.join(between)
  }

  /** @param {PmNode} node */
  callout(node) {
    const body = this.children(node, '\n\n')
    // Only a paragraph can follow the marker's line and still begin there.
    const opening = node.child(0).type === nodes.paragraph ? '\n' : '\n\n'
    return prefixed(`[!${node.attrs.kind}]${body ? opening + body : ''}`, '> ', '> ')
  }

  /** @param {PmNode} table */
  table(table) {
    /** @type {string[]} */
    const lines = []
    table.forEach((row, _, index) => {
      /** @type {string[]} */
      const cells = []
      /** @type {string[]} */
      const rules = []
      row.forEach((cell) => {
        cells.push(this.cell(cell))
        rules.push({ left: ':---', center: ':---:', right: '---:' }[/** @type {string} */ (cell.attrs.align)] ?? '---')
      })
      lines.push(`| ${cells.join(' | ')} |`)
      if (index === 0) lines.push(`| ${rules.join(' | ')} |`)
    })
    return lines.join('\n')
  }

  /** @param {PmNode} cell */
  cell(cell) {
    const escaped = (/** @type {string} */ text) => text.replace(/\\?\|/g, '\\|')
    if (isPlainProse(cell)) return cell.textContent
    const paragraph = nodes.paragraph.create(null, cell.content)
    for (const manner of this.manners(cell)) {
      const written = escaped(inlineMarkdown(paragraph, manner))
      const expected = nodes.table.create(null, nodes.table_row.create(null, nodes.table_header.create(null, cell.content)))
      if (readsAs(`| ${written} |\n| --- |`, expected)) return written
    }
    return escaped(inlineMarkdown(paragraph, MANNERS[MANNERS.length - 1]))
  }

  /** The manners to try; where definitions exist, brackets are always escaped. */
  manners(/** @type {PmNode} */ block) {
    return this.definitions && block.textContent.includes('[')
      ? MANNERS.filter(({ caution }) => caution > 0)
      : MANNERS
  }
}

function prefixed(/** @type {string} */ text, /** @type {string} */ first, /** @type {string} */ rest) {
  return text
    .split('\n')
    .map((line, index) => {
      const lead = index ? rest : first
      return line ? lead + line : lead.trimEnd()
    })
    .join('\n')
}

/** @param {PmNode} node */
function codeMarkdown(node) {
  const text = node.textContent
  const info = node.attrs.info.replace(/[\r\n]+/g, ' ')
  const sign = info.includes('`') ? '~' : '`'
  const runs = text.match(sign === '~' ? /~+/g : /`+/g) ?? []
  const fence = sign.repeat(Math.max(3, ...runs.map((/** @type {string} */ run) => run.length + 1)))
  return `${fence}${info}\n${text ? `${text}\n` : ''}${fence}`
}

/** @param {PmNode} node */
function figureMarkdown({ attrs }) {
  const alt = escapeText(attrs.alt.replace(/[\r\n]+/g, ' ').trim(), 1, false)
  return `![${alt}](${addressAndTitle(attrs.src, captionTitle(/** @type {any} */ (attrs)))})`
}

/** @param {PmNode} node */
function documentMarkdown({ attrs }) {
  const title = escapeText(attrs.title.replace(/[\r\n]+/g, ' ').trim(), 1, false)
  return `[${title}](${addressAndTitle(attrs.href, documentTitle(/** @type {any} */ (attrs)))})`
}

/**
 * What a document may hold. Nothing here touches the page, so that reading and
 * writing Markdown can run in Node.
 *
 * Every block has an `origin`: the number under which `source-book.js` keeps
 * the Markdown the block was read from. It says nothing about the content and
 * is never written to the clipboard.
 */
import { Schema } from 'prosemirror-model'
import { safeHref } from './dialect.js'

const origin = { default: null }
/** @param {Record<string, unknown>} [own] */
const withOrigin = (own = {}) => ({
  origin,
  ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, { default: value }])),
})

/** Level 1 is the page's title, so it is shown (not stored) as level 2; below the fourth all are alike. */
const headingTag = (/** @type {number} */ level) => `h${Math.max(2, Math.min(4, level))}`

const cellAttrs = withOrigin({ colspan: 1, rowspan: 1, colwidth: null, align: null })

/** @param {'td' | 'th'} tag @returns {import('prosemirror-model').NodeSpec} */
const cellSpec = (tag) => ({
  // One line of text: a Markdown cell can hold neither blocks nor breaks.
  content: 'text*',
  attrs: cellAttrs,
  isolating: true,
  tableRole: tag === 'th' ? 'header_cell' : 'cell',
  parseDOM: [{
    tag,
    getAttrs: (/** @type {HTMLElement} */ dom) => ({
      align: /align-(left|center|right)/.exec(dom.className)?.[1] ?? null,
    }),
  }],
  toDOM: (/** @type {import('prosemirror-model').Node} */ node) => [
    tag,
    node.attrs.align ? { class: `align-${node.attrs.align}` } : {},
    0,
  ],
})

export const schema = new Schema({
  nodes: {
    doc: { content: '(block | source)+', attrs: { frame: { default: null } } },

    paragraph: {
      group: 'block',
      content: '(text | hard_break)*',
      attrs: withOrigin(),
      parseDOM: [{ tag: 'p' }],
      toDOM: () => ['p', 0],
    },

    heading: {
      group: 'block',
      content: 'text*',
      attrs: withOrigin({ level: 2 }),
      defining: true,
      parseDOM: [
        { tag: 'h1', attrs: { level: 2 } },
        { tag: 'h2', attrs: { level: 2 } },
        { tag: 'h3', attrs: { level: 3 } },
        { tag: 'h4', attrs: { level: 4 } },
        { tag: 'h5', attrs: { level: 4 } },
        { tag: 'h6', attrs: { level: 4 } },
      ],
      toDOM: (node) => [headingTag(node.attrs.level), 0],
    },

    bullet_list: {
      group: 'block',
      content: 'list_item+',
      attrs: withOrigin({ tight: true, marker: '-' }),
      parseDOM: [{ tag: 'ul' }],
      toDOM: () => ['ul', 0],
    },

    ordered_list: {
      group: 'block',
      content: 'list_item+',
      attrs: withOrigin({ tight: true, marker: '.', start: 1 }),
      parseDOM: [{
        tag: 'ol',
        getAttrs: (dom) => {
          const start = Number(dom.getAttribute('start') ?? 1)
          return { start: Number.isInteger(start) && start >= 0 && start < 1e9 ? start : 1 }
        },
      }],
      toDOM: (node) => ['ol', node.attrs.start === 1 ? {} : { start: node.attrs.start }, 0],
    },

    list_item: {
      content: 'block+',
      defining: true,
      parseDOM: [{ tag: 'li' }],
      toDOM: () => ['li', 0],
    },

    blockquote: {
      group: 'block',
      content: 'block+',
      attrs: withOrigin(),
      defining: true,
      parseDOM: [{ tag: 'blockquote' }],
      toDOM: () => ['blockquote', 0],
    },

    callout: {
      group: 'block',
      content: 'block+',
      attrs: withOrigin({ kind: 'NOTE' }),
      defining: true,
      parseDOM: [{
        tag: 'div[data-callout]',
        getAttrs: (dom) => ({ kind: dom.getAttribute('data-callout') }),
      }],
      toDOM: (node) => ['div', { 'data-callout': node.attrs.kind }, 0],
    },

    code_block: {
      group: 'block',
      content: 'text*',
      attrs: withOrigin({ info: '' }),
      marks: '',
      code: true,
      defining: true,
      parseDOM: [{ tag: 'pre', preserveWhitespace: 'full' }],
      toDOM: () => ['pre', ['code', 0]],
    },

    horizontal_rule: {
      group: 'block',
      attrs: withOrigin(),
      parseDOM: [{ tag: 'hr' }],
      toDOM: () => ['hr'],
    },

    table: {
      group: 'block',
      content: 'table_row+',
      attrs: withOrigin(),
      tableRole: 'table',
      isolating: true,
      parseDOM: [{ tag: 'table' }],
      toDOM: () => ['table', ['tbody', 0]],
    },
    table_row: {
      content: '(table_cell | table_header)*',
      tableRole: 'row',
      parseDOM: [{ tag: 'tr' }],
      toDOM: () => ['tr', 0],
    },
    table_cell: cellSpec('td'),
    table_header: cellSpec('th'),

    figure: {
      group: 'block',
      atom: true,
      draggable: true,
      attrs: withOrigin({ src: '', alt: '', caption: '', credit: '' }),
      parseDOM: [{
        tag: 'figure[data-src]',
        getAttrs: (dom) => ({
          src: dom.getAttribute('data-src') ?? '',
          alt: dom.getAttribute('data-alt') ?? '',
          caption: dom.getAttribute('data-caption') ?? '',
          credit: dom.getAttribute('data-credit') ?? '',
        }),
      }],
      toDOM: ({ attrs }) => [
        'figure',
        {
          'data-src': attrs.src,
          'data-alt': attrs.alt,
          'data-caption': attrs.caption,
          'data-credit': attrs.credit,
        },
        ['img', { src: attrs.src, alt: attrs.alt }],
        ['figcaption', [attrs.caption, attrs.credit].filter(Boolean).join(' | ')],
      ],
    },

    document: {
      group: 'block',
      atom: true,
      draggable: true,
      attrs: withOrigin({ href: '', title: '', number: '', date: '' }),
      parseDOM: [{
        tag: 'p[data-document]',
        priority: 60,
        getAttrs: (dom) => ({
          href: dom.getAttribute('data-document') ?? '',
          title: dom.textContent ?? '',
          number: dom.getAttribute('data-number') ?? '',
          date: dom.getAttribute('data-date') ?? '',
        }),
      }],
      toDOM: ({ attrs }) => [
        'p',
        { 'data-document': attrs.href, 'data-number': attrs.number, 'data-date': attrs.date },
        ['a', { href: safeHref(attrs.href) ?? '#' }, attrs.title],
      ],
    },

    /** Markdown this editor cannot show as anything else: kept as it is. */
    source: {
      atom: true,
      draggable: true,
      attrs: withOrigin({ text: '' }),
      parseDOM: [{
        tag: 'pre[data-source]',
        priority: 60,
        getAttrs: (dom) => ({ text: dom.textContent ?? '' }),
      }],
      toDOM: (node) => ['pre', { 'data-source': '' }, node.attrs.text],
    },

    hard_break: {
      inline: true,
      selectable: false,
      linebreakReplacement: true,
      parseDOM: [{ tag: 'br' }],
      toDOM: () => ['br'],
      leafText: () => '\n',
    },

    text: {},
  },

  marks: {
    link: {
      attrs: { href: {}, title: { default: null } },
      inclusive: false,
      parseDOM: [{
        tag: 'a[href]',
        getAttrs: (dom) => {
          const href = safeHref(dom.getAttribute('href') ?? '')
          return href ? { href, title: dom.getAttribute('title') } : false
        },
      }],
      toDOM: ({ attrs }) => [
        'a',
        { href: safeHref(attrs.href) ?? '#', ...(attrs.title ? { title: attrs.title } : {}) },
        0,
      ],
    },
    strong: {
      parseDOM: [{ tag: 'strong' }, { tag: 'b' }],
      toDOM: () => ['strong', 0],
    },
    em: {
      parseDOM: [{ tag: 'em' }, { tag: 'i' }],
      toDOM: () => ['em', 0],
    },
    strike: {
      parseDOM: [{ tag: 's' }, { tag: 'del' }, { tag: 'strike' }],
      toDOM: () => ['s', 0],
    },
    code: {
      code: true,
      parseDOM: [{ tag: 'code' }],
      toDOM: () => ['code', 0],
    },
  },
})

/** The blocks that are a paragraph in Markdown. */
export const isParagraphLike = (/** @type {import('prosemirror-model').Node} */ node) =>
  node.type === schema.nodes.paragraph ||
  node.type === schema.nodes.figure ||
  node.type === schema.nodes.document

export const isList = (/** @type {import('prosemirror-model').Node} */ node) =>
  node.type === schema.nodes.bullet_list || node.type === schema.nodes.ordered_list

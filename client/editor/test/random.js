/** Seeded random Markdown and random edits, so that a failure can be repeated. */
import { schema } from '../schema.js'

const { nodes, marks } = schema

/** @param {number} seed @returns {() => number} numbers in [0, 1) */
export function seeded(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const LINES = [
  '', '', '', ' ', '- a', '- b', '  - c', '* d', '+ e', '1. f', '2) g', '   tiếp', '    mã', '\tthẻ', '> trích',
  '> [!NOTE]', '> - h', '>', '```', '~~~', '# Một', '## Hai ##', '===', '---', '***', '| a | b |', '|---|:-:|',
  '| c | d | e |', 'văn bản', 'Lưu ý: **đậm:**chữ', '*a* _b_ ~~c~~', '`mã`', '<div>', '</div>', '<!-- x', '-->',
  '![a](b "c | d")', '[T](/t.pdf "1 | 2026-01-02")', '[x](y)', '[x]', '[x]: y', '[^1]', '[^1]: z', 'dòng  ', 'dòng\\',
  'chữ <b>x</b>', '&amp;', '\\*', '**', '1.', '-', '#', '👍', 'https://x.vn/a_b', '~x~', '- [ ] v', '  > q', '  ***',
]
const INLINE = ['a', ' ', ' ', 'chữ', '*', '**', '_', '~~', '~', '`', '``', '[', ']', '(', ')', '](x)', '<', '>', '!', '\\', '&amp;', '&', '\n', '  \n', '\\\n', '.', '“', '”', ':', '|', '#', '-', '1.', '👍', '\u00a0', 'x@y.vn', 'http://z.vn', '<b>']

/** @param {() => number} random @template T @param {readonly T[]} list @returns {T} */
export function pick(random, list) {
  return list[Math.floor(random() * list.length)]
}

/** @param {() => number} random */
export function randomMarkdown(random) {
  const eol = random() < 0.15 ? '\r\n' : '\n'
  let text = ''
  for (let line = 0, count = Math.floor(random() * 12); line < count; line++) {
    if (random() < 0.25) for (let n = 0; n < 6; n++) text += pick(random, INLINE)
    else text += '  '.repeat(random() < 0.15 ? 1 : 0) + pick(random, LINES)
    text += random() < 0.03 ? '\r' : eol
  }
  return random() < 0.3 ? text.replace(/[\r\n]+$/, '') : text
}

const TEXTS = ['a', ' ', 'chữ', 'Lưu ý:', '“trích”', '*', '_x_', '**', '[a](b)', '[x]', '[^1]', '<b>', '&amp;', '# ', '- ', '1. ', '> ', '+', '`', '~', '|', '\\', '!', '---', '===', 'a_b_c', ' 5 * 3 ', '\u00a0', '👍', 'http://z.vn/a_b~c', '[!NOTE]', '[x]: y', '.', '```', '.', '(', ')']

/** @param {() => number} random @param {boolean} [breaks] */
function randomInline(random, breaks = true) {
  const content = []
  for (let n = Math.floor(random() * 5); n > 0; n--) {
    /** @type {readonly import('prosemirror-model').Mark[]} */
    let set = []
    if (random() < 0.25) set = marks.strong.create().addToSet(set)
    if (random() < 0.2) set = marks.em.create().addToSet(set)
    if (random() < 0.1) set = marks.strike.create().addToSet(set)
    if (random() < 0.1) set = marks.link.create({ href: pick(random, ['/a', 'https://x.vn/(b)', 'c d', '']), title: pick(random, [null, null, 't"\\']) }).addToSet(set)
    if (random() < 0.1) set = marks.code.create().addToSet(set)
    if (breaks && random() < 0.12) content.push(nodes.hard_break.create(null, null, set))
    else {
      const text = pick(random, TEXTS) + (random() < 0.3 ? pick(random, TEXTS) : '')
      // A code span in a cell cannot say a backslash before a bar.
      content.push(schema.text(marks.code.isInSet(set) ? text.replace(/\\\|/g, '|') : text, set))
    }
  }
  return content
}

/** @param {() => number} random @param {number} [depth] @returns {import('prosemirror-model').Node} */
export function randomBlock(random, depth = 0) {
  const inner = () => {
    const blocks = []
    for (let n = 1 + Math.floor(random() * 2.5); n > 0; n--) blocks.push(randomBlock(random, depth + 1))
    return blocks
  }
  const items = () => {
    const list = []
    for (let n = 1 + Math.floor(random() * 3); n > 0; n--) list.push(nodes.list_item.create(null, inner()))
    return list
  }
  const kind = random()
  if (depth < 3) {
    if (kind < 0.14) return nodes.bullet_list.create({ tight: random() < 0.6 }, items())
    if (kind < 0.24) return nodes.ordered_list.create({ tight: random() < 0.6, start: pick(random, [0, 1, 1, 1, 7]) }, items())
    if (kind < 0.3) return nodes.blockquote.create(null, inner())
    if (kind < 0.36) return nodes.callout.create({ kind: pick(random, ['NOTE', 'IMPORTANT', 'WARNING']) }, inner())
  }
  if (kind < 0.44) return nodes.heading.create({ level: 2 + Math.floor(random() * 3) }, randomInline(random, false))
  if (kind < 0.5) {
    const text = pick(random, ['', 'a', '```', '  a\n\n b', '~~~\n', '\tx\n', '> q'])
    return nodes.code_block.create({ info: pick(random, ['', 'js', 'a`b', 'x &amp; \\*']) }, text ? schema.text(text) : null)
  }
  if (kind < 0.54) return nodes.horizontal_rule.create()
  if (kind < 0.6) {
    const columns = 1 + Math.floor(random() * 3)
    const row = (/** @type {import('prosemirror-model').NodeType} */ type, /** @type {(string | null)[]} */ aligns) =>
      nodes.table_row.create(null, aligns.map((align) => type.create({ align }, randomInline(random, false))))
    const aligns = Array.from({ length: columns }, () => pick(random, [null, 'left', 'center', 'right']))
    const rows = [row(nodes.table_header, aligns)]
    for (let n = Math.floor(random() * 3); n > 0; n--) rows.push(row(nodes.table_cell, aligns))
    return nodes.table.create(null, rows)
  }
  if (kind < 0.64) return nodes.figure.create({ src: pick(random, ['/a.jpg', 'b c.png', 'd(e).jpg']), alt: pick(random, ['ảnh', '', 'a [b] *c*', '\\']), caption: pick(random, ['', 'Chú thích', 'a | b', '"x"']), credit: pick(random, ['', 'Nguồn']) })
  if (kind < 0.68) return nodes.document.create({ href: pick(random, ['/a.pdf', 'b c.pdf']), title: pick(random, ['Kế hoạch', 'a [b] *c*']), number: pick(random, ['', 'Số 12/KH']), date: '2026-05-30' })
  return nodes.paragraph.create(null, randomInline(random))
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import MarkdownIt from 'markdown-it'
import { EditorState } from 'prosemirror-state'
import { canonical } from '../canonical.js'
import { linesOf, readBlocks } from '../read-markdown.js'
import { isList, schema } from '../schema.js'
import { readLikeServer } from '../server-markdown.js'
import { SourceBook } from '../source-book.js'
import { blockMarkdown } from '../write-markdown.js'
import { CORPUS } from './corpus.js'
import { pick, randomBlock, randomMarkdown, seeded } from './random.js'

const { nodes } = schema
const RANDOM_TEXTS = Number(process.env.RANDOM_TEXTS ?? 3000)

/** The top-level blocks a text says, in normal form. */
const said = (/** @type {string} */ text, verify = false) => readBlocks(text, { verify }).map(({ node }) => canonical(node))

const saidBy = (/** @type {import('prosemirror-model').Node} */ doc) => {
  /** @type {import('prosemirror-model').Node[]} */
  const blocks = []
  doc.forEach((node) => {
    const block = canonical(node)
    if (block.content.size || block.type !== nodes.paragraph) blocks.push(block)
  })
  return blocks
}

const reread = (/** @type {import('prosemirror-model').Node[]} */ blocks) =>
  blocks.flatMap((block) => (block.type === nodes.source ? said(block.attrs.text) : [block]))

function assertSame(/** @type {import('prosemirror-model').Node[]} */ actual, /** @type {import('prosemirror-model').Node[]} */ expected, /** @type {string} */ note) {
  const at = [...actual, ...expected].findIndex((_, n) => !actual[n] || !expected[n] || !actual[n].eq(expected[n]))
  if (actual.length === expected.length && actual.every((node, n) => node.eq(expected[n]))) return
  assert.fail(`${note}\nread: ${JSON.stringify(actual[at])}\nmade: ${JSON.stringify(expected[at])}`)
}

function texts() {
  const all = [...CORPUS]
  for (let seed = 0; seed < RANDOM_TEXTS; seed++) all.push(randomMarkdown(seeded(seed)))
  return all
}

test('the corpus is large enough', () => assert.ok(CORPUS.length >= 60, String(CORPUS.length)))

test('a text that is not edited is read back byte for byte', () => {
  for (const text of texts()) {
    const book = new SourceBook()
    assert.equal(book.text(book.read(text)), text)
  }
})

test('writing anew what was read says the same', () => {
  for (const text of texts()) {
    for (const { node } of readBlocks(text, { verify: true })) {
      const block = canonical(node)
      if (block.type === nodes.source || (block.type === nodes.paragraph && !block.content.size)) continue
      const written = blockMarkdown(block)
      assertSame(said(written), [block], JSON.stringify({ text, written }))
      assert.equal(blockMarkdown(said(written)[0]), written)
    }
  }
})

/** The lines of each block, found without the editor's own book-keeping. */
function slicesOf(/** @type {string} */ text) {
  const lines = linesOf(text)
  return readBlocks(text).map(({ from, to }) => lines.slice(from, to).join('').replace(/(\r\n?|\n)$/, ''))
}

test('a change in one block changes only the lines of that block', () => {
  let edits = 0
  for (const [index, text] of texts().entries()) {
    const random = seeded(index)
    const book = new SourceBook()
    const doc = book.read(text)
    /** @type {{ pos: number, at: number }[]} */
    const places = []
    doc.forEach((block, offset, at) => {
      if (block.attrs.origin == null) return
      block.descendants((node, pos) => {
        if (node.isText) places.push({ pos: offset + 1 + pos, at })
      })
      if (block.type === nodes.source) return
    })
    if (!places.length) continue
    const { pos, at } = pick(random, places)
    const state = EditorState.create({ doc })
    const changed = state.apply(state.tr.insertText(pick(random, ['x', 'Mới ', '1', '*', '[']), pos)).doc
    const after = book.text(changed)
    edits++

    const sources = slicesOf(text)
    const note = JSON.stringify({ text, after, at })
    // Everything before and after the block's own lines is what it was.
    const before = new SourceBook()
    const { placed } = before.write(before.read(text))
    const lines = linesOf(text)
    const head = lines.slice(0, placed[at].firstLine - 1).join('')
    const tail = lines.slice(placed[at].lastLine).join('')
    const tailWithEnding = text.slice(head.length + sources[at].length)
    assert.ok(after.startsWith(head), note)
    assert.ok(after.endsWith(tail), note)
    if (head + tailWithEnding === after.slice(0, head.length) + after.slice(after.length - tailWithEnding.length)) continue
    // Else a blank line had to be put in, or the block is one whose end is the text's.
    const gap = after.slice(head.length, after.length - tail.length)
    assert.match(gap, /^\s*\S/, note)
  }
  assert.ok(edits > RANDOM_TEXTS / 3, String(edits))
})

/**
 * A source block next to one that was not its neighbour before: nothing but a
 * comment could keep, say, two lists with raw HTML in them apart.
 */
function hasNewSourceNeighbours(/** @type {import('prosemirror-model').Node} */ doc) {
  for (let at = 1; at < doc.childCount; at++) {
    const [left, right] = [doc.child(at - 1), doc.child(at)]
    if (right.type !== nodes.source) continue
    if (isList(left) && /^\s/.test(right.attrs.text)) return true
    if (left.type === nodes.source && right.attrs.origin !== left.attrs.origin + 1) return true
  }
  return false
}

test('after a change the text says what the document says', () => {
  for (const [index, text] of texts().entries()) {
    const random = seeded(index + 77)
    const book = new SourceBook()
    let state = EditorState.create({ doc: book.read(text) })
    // A text with an unclosed comment swallows whatever follows it.
    if (/<!--|<div>|<script/.test(text)) continue
    for (let edit = 0; edit < 3; edit++) {
      const { doc } = state
      const at = Math.floor(random() * doc.childCount)
      let pos = 0
      for (let n = 0; n < at; n++) pos += doc.child(n).nodeSize
      const block = doc.child(at)
      const kind = random()
      const tr = state.tr
      if (kind < 0.3 && doc.childCount > 1) tr.delete(pos, pos + block.nodeSize)
      else if (kind < 0.45) tr.insert(pos, block)
      else if (kind < 0.6 && doc.childCount > 1) tr.delete(pos, pos + block.nodeSize).insert(tr.doc.content.size, block)
      else if (kind < 0.7 && block.isTextblock) tr.split(pos + 1 + Math.floor(random() * block.content.size))
      else tr.insert(pos, randomBlock(random))
      state = state.apply(tr)
      if (hasNewSourceNeighbours(state.doc)) break
      const after = book.text(state.doc)
      const note = () => JSON.stringify({ index, text, after })
      // A block may be source only for a definition that is no longer there.
      assertSame(reread(said(after, true)), reread(saidBy(state.doc)), note())
    }
  }
})

test('every block that can be made is read back as it was made', () => {
  for (let seed = 0; seed < RANDOM_TEXTS; seed++) {
    const block = canonical(randomBlock(seeded(seed)))
    if (block.type === nodes.paragraph && !block.content.size) continue
    const written = blockMarkdown(block)
    assertSame(said(written), [block], JSON.stringify({ seed, written }))
  }
})

const stock = new MarkdownIt('commonmark', { html: true })
readLikeServer(stock)
stock.renderer.rules.callout_open = (tokens, at) => `<blockquote>[!${tokens[at].meta.kind}]${tokens[at].meta.title}<p>`
/**
 * A page's HTML as the reader sees it: each character with the marks it has,
 * whatever elements say so and in whatever order.
 */
function shown(/** @type {string} */ text) {
  const html = stock.render(text).replace(/ start="1"/g, '')
  /** @type {string[]} */
  const active = []
  let seen = ''
  for (const [piece] of html.matchAll(/<[^>]*>|[^<]/g)) {
    const [, end, tag] = /^<(\/?)(\w+)/.exec(piece) ?? []
    if (tag && /^(em|strong|s|code|a)$/.test(tag)) {
      if (end) active.splice(active.findLastIndex((open) => open.startsWith(`<${tag}`)), 1)
      else active.push(piece)
    } else if (tag) {
      seen = seen.trimEnd() + piece
    } else if (/\s/.test(piece)) {
      if (!/[\s>]$/.test(seen)) seen += ' '
    } else {
      seen += piece + [...new Set(active)].sort().join('')
    }
  }
  // A break before or after all text is not kept.
  return seen.trim()
    .replace(/(<(?:p|li)>)(?:<br \/>)+/g, '$1')
    .replace(/(?:<br \/>)+(<\/(?:p|li)>)/g, '$1')
}

test('what is written anew is shown as before by a parser of its own', () => {
  let compared = 0
  for (const text of texts()) {
    // Deeper than this the stock parser stops reading.
    if (/^(>{9}|(- ){9})/m.test(text)) continue
    const lines = linesOf(text)
    for (const { node, from, to } of readBlocks(text, { verify: true })) {
      const block = canonical(node)
      if (block.type === nodes.source || (block.type === nodes.paragraph && !block.content.size)) continue
      const source = lines.slice(from, to).join('')
      const written = blockMarkdown(block)
      // A card says what its link says, without marks.
      const marks = block.type === nodes.document ? /<(?:strong|em|s|code)>/g : /$^/
      assert.equal(shown(written), shown(source).replace(marks, ''), JSON.stringify({ source, written }))
      compared++
    }
  }
  assert.ok(compared > RANDOM_TEXTS, String(compared))
})

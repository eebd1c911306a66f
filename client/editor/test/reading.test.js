import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readBlocks } from '../read-markdown.js'
import { CORPUS } from './corpus.js'
import { differenceOf, outlineOfHtml, outlineOfNode } from './outline.js'

/** @type {{ name: string, markdown: string, html: string }[]} the HTML is the server's (`src/server/markdown/reading.rs`) */
const READINGS = JSON.parse(readFileSync(new URL('reading.json', import.meta.url), 'utf8'))

const DEFINITION = /^[ >]*(?:[-*+] )?\[([^\]]+)\]:\s*(?:<.*>|\S+)\s*(?:$|["'(])/gm

/**
 * What the editor shows as Markdown because it cannot say it. It makes no claim
 * there, so the server may read it as it will: whatever of its letters it shows
 * in that place is the same.
 * @type {[why: string, is: (source: string, markdown: string) => boolean][]}
 */
const SOURCES = [
  ['raw HTML, which the server drops', (source) => /<[a-z/!?]/i.test(source)],
  ['a definition, which nobody sees', (source) => source.search(DEFINITION) >= 0],
  ['a reference, which would become an ordinary link', (source, markdown) =>
    [...markdown.matchAll(DEFINITION)].some(([, label]) => source.includes(`[${label}]`))],
  ['a picture that is in no paragraph of its own, which the server leaves out', (source) => /!\[/.test(source)],
  ['a call-out of a kind that is not offered, or with a title', (source) => /> \[!(?:tip|caution|\w+\].*\S)/i.test(source)],
  ['a heading with a break in it', (source) => /(?: {2}|\\)\n[^]*\n *(?:=+|-+) *$/.test(source)],
]

/**
 * Where the server is at fault, so that the editor is not to follow; once it is
 * right, the reading has to leave this list.
 * @type {[why: string, names: string[]][]}
 */
const FAULTS_OF_SERVER = [
  ['comrak sees no blank line after a rule, so that the list is tight', ['a list with a blank line after a rule']],
  ['comrak sees no list in a number at the very end of the text', ['a number at the very end of a text']],
]
const FAULTY = FAULTS_OF_SERVER.flatMap(([, names]) => names)

test('the editor reads every text as the server does', () => {
  /** @type {string[]} */
  const differences = []
  for (const { name, markdown, html } of READINGS) {
    // Officials see some more blocks as Markdown: what writing would lose. The others are these.
    const editor = readBlocks(markdown).flatMap(({ node }) => outlineOfNode(node))
    for (const { source } of editor) {
      if (source != null && !SOURCES.some(([, is]) => is(source, markdown))) {
        differences.push(`“${name}”: the editor shows Markdown without a reason: ${JSON.stringify(source)}`)
      }
    }
    const difference = differenceOf(editor, outlineOfHtml(html))
    if (difference && !FAULTY.includes(name)) differences.push(`“${name}”: ${JSON.stringify(markdown)}\n${difference}`)
    if (!difference && FAULTY.includes(name)) differences.push(`“${name}” is read the same now: it is to leave FAULTS_OF_SERVER`)
  }
  assert.ok(!differences.length, `${differences.length} of ${READINGS.length} differ\n\n${differences.join('\n\n')}`)
})

test('every text of the corpus has its reading, and each a name of its own', () => {
  const read = new Set(READINGS.map(({ markdown }) => markdown))
  const unread = CORPUS.filter((text) => !read.has(text))
  assert.deepEqual(unread, [], 'add them to reading.json and run its test in Rust with THIDUA_BLESS=1')
  const names = READINGS.map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  assert.deepEqual(FAULTY.filter((name) => !names.includes(name)), [])
})

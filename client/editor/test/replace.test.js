import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EditorState, TextSelection } from 'prosemirror-state'
import { history, undo } from 'prosemirror-history'
import { restoreEndings } from '../line-endings.js'
import { replaceText } from '../replace-text.js'
import { SourceBook } from '../source-book.js'
import { CORPUS } from './corpus.js'
import { pick, randomMarkdown, seeded } from './random.js'

test('a replaced text is read back byte for byte, and so is the old one after undo', () => {
  for (let seed = 0; seed < 1500; seed++) {
    const random = seeded(seed)
    const old = random() < 0.4 ? pick(random, CORPUS) : randomMarkdown(random)
    const lines = old.split('\n')
    // Mostly a merge: some lines more, some fewer.
    const text = random() < 0.3 ? randomMarkdown(random)
      : lines.filter(() => random() > 0.1).flatMap((line) => (random() < 0.15 ? [line, randomMarkdown(random)] : [line])).join('\n')
    const book = new SourceBook()
    let state = EditorState.create({ doc: book.read(old), plugins: [history()] })
    state = state.apply(replaceText(state, book.read(text)))
    assert.equal(book.text(state.doc), text, JSON.stringify({ old, text }))
    undo(state, (tr) => { state = state.apply(tr) })
    assert.equal(book.text(state.doc), old, JSON.stringify({ old, text }))
  }
})

test('the caret stays at its words', () => {
  const book = new SourceBook()
  let state = EditorState.create({ doc: book.read('Một hai ba\n\n- x\n\nCuối\n') })
  state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, 5)))
  state = state.apply(replaceText(state, book.read('Đầu\n\nMột hai ba bốn\n\n- x\n\nCuối cùng\n')))
  assert.equal(state.selection.$from.parent.textContent, 'Một hai ba bốn')
  assert.equal(state.selection.$from.parentOffset, 4)
})

test('line endings come back after a text field', () => {
  for (let seed = 0; seed < 500; seed++) {
    const random = seeded(seed)
    const original = randomMarkdown(random).replace(/\n/g, () => pick(random, ['\n', '\r\n', '\r', '\n']))
    const shown = original.replace(/\r\n?/g, '\n')
    assert.equal(restoreEndings(original, shown), original)
    const at = Math.floor(random() * (shown.length + 1))
    const edited = `${shown.slice(0, at)}x\n${shown.slice(at)}`
    const restored = restoreEndings(original, edited)
    assert.equal(restored.replace(/\r\n?/g, '\n'), edited)
  }
  assert.equal(restoreEndings('a\r\nb\nc\r\n', 'a\nB\nc\n'), 'a\r\nB\r\nc\r\n')
})

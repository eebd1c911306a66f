/** A text field knows only one line ending; these give a text its own ones back. */
import { linesOf } from './read-markdown.js'

/**
 * @param {string} original the text that was put into the field
 * @param {string} edited what the field holds now
 */
export function restoreEndings(original, edited) {
  if (edited === original.replace(/\r\n?/g, '\n')) return original
  if (!original.includes('\r')) return edited
  const before = linesOf(original)
  const after = linesOf(edited)
  const same = (/** @type {string} */ a, /** @type {string} */ b) => a.replace(/\r\n?$/, '\n') === b
  let head = 0
  while (head < before.length && head < after.length && same(before[head], after[head])) head++
  let tail = 0
  while (
    tail < before.length - head && tail < after.length - head &&
    same(before[before.length - 1 - tail], after[after.length - 1 - tail])
  ) tail++
  const eol = /\r\n?|\n/.exec(original)?.[0] ?? '\n'
  return [
    ...before.slice(0, head),
    ...after.slice(head, after.length - tail).map((line) => line.replace(/\n$/, eol)),
    ...before.slice(before.length - tail),
  ].join('')
}

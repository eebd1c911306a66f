/** The place beside the text where the editor says what went wrong. */
import { element } from './element.js'
import { icon } from './icons.js'

/** @param {import('./words.js').Words} words */
export function createAlert(words) {
  const dom = element('div', { class: 'editor-alert', role: 'alert' })
  const clear = () => dom.replaceChildren()
  return {
    dom,
    clear,
    /** @param {unknown} error its message is a sentence for the person @param {string} otherwise */
    show(error, otherwise) {
      const sentence = error instanceof Error && error.message ? error.message : otherwise
      const close = element('button', { type: 'button', class: 'editor-tool', 'aria-label': words.close, click: clear })
      close.append(icon('close'))
      dom.replaceChildren(element('p', {}, sentence), close)
    },
  }
}

/** @typedef {ReturnType<typeof createAlert>} AlertPlace */

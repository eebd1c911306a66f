/** The dialogs for a link, a picture and an attached document. */
import { safeHref } from './dialect.js'
import { element } from './element.js'

/** @typedef {import('./words.js').Words} Words */
/** @typedef {'link' | 'figure' | 'document'} AskKind */
/** @typedef {(kind: AskKind, initial: Record<string, any>) => Promise<Record<string, any> | null>} Ask */

/**
 * @typedef {object} Field
 * @property {string} name @property {keyof Words} label
 * @property {string} [type] @property {boolean} [required] @property {boolean} [long]
 */

/** @type {Record<AskKind, { title: keyof Words, fields: Field[] }>} */
const DIALOGS = {
  link: {
    title: 'linkDialog',
    fields: [
      { name: 'href', label: 'fieldHref', type: 'text', required: true },
      { name: 'text', label: 'fieldText' },
    ],
  },
  figure: {
    title: 'figureDialog',
    fields: [
      { name: 'alt', label: 'fieldAlt', required: true, long: true },
      { name: 'caption', label: 'fieldCaption' },
      { name: 'credit', label: 'fieldCredit' },
    ],
  },
  document: {
    title: 'documentDialog',
    fields: [
      { name: 'title', label: 'fieldTitle', required: true },
      { name: 'href', label: 'fieldHref', required: true },
      { name: 'number', label: 'fieldNumber' },
      { name: 'date', label: 'fieldDate', type: 'date', required: true },
    ],
  },
}

let lastId = 0

/** @param {Words} words @returns {Ask} */
export function createAsk(words) {
  return (kind, initial) => new Promise((resolve) => {
    const id = `editor-ask-${++lastId}`
    const { title, fields } = DIALOGS[kind]
    /** @type {Record<string, HTMLInputElement | HTMLTextAreaElement>} */
    const inputs = {}
    const rows = fields.map((field) => {
      const input = fieldInput(field, `${id}-${field.name}`, initial[field.name] ?? '')
      inputs[field.name] = input
      const label = words[field.label] + (field.required ? ` (${words.required})` : '')
      return element('p', { class: 'editor-field' }, element('label', { for: input.id }, label), input)
    })
    const { href } = inputs
    href?.addEventListener('input', () => href.setCustomValidity(''))

    /** @type {Record<string, string> | null} */
    let answer = null
    const form = element(
      'form',
      {
        method: 'dialog',
        submit: (event) => {
          event.preventDefault()
          if (href) {
            const address = completeAddress(href.value)
            if (!address) {
              href.setCustomValidity(words.badHref)
              href.reportValidity()
              return
            }
            href.value = address
          }
          answer = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()]))
          dialog.close()
        },
      },
      element('h2', { id }, words[title]),
      // Whoever describes a picture looks at it.
      initial.path ? element('img', { class: 'editor-ask-picture', src: initial.path, alt: '' }) : null,
      ...rows,
      element(
        'p',
        { class: 'editor-answers' },
        element('button', { type: 'submit', class: 'editor-button editor-primary' }, words.ok),
        element('button', { type: 'button', class: 'editor-button', click: () => dialog.close() }, words.cancel),
      ),
    )
    const dialog = element(
      'dialog',
      {
        class: 'editor-dialog',
        'aria-labelledby': id,
        close: () => {
          dialog.remove()
          resolve(answer)
        },
      },
      form,
    )
    document.body.append(dialog)
    dialog.showModal()
    inputs[fields[0].name].focus()
  })
}

/** @param {Field} field @param {string} id @param {string} value */
function fieldInput({ name, type, required, long }, id, value) {
  const input = long
    ? element('textarea', { id, name, required, rows: '3' })
    : element('input', { id, name, type: type ?? 'text', required, autocomplete: 'off' })
  input.value = value
  return input
}

/**
 * An address as people write it to one a browser can follow, or null.
 * @param {string} typed
 */
export function completeAddress(typed) {
  const href = typed.trim()
  if (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(href)) return `mailto:${href}`
  if (/^[\w-]+(\.[\w-]+)*\.[a-z]{2,}(?=[/?#:]|$)/i.test(href) && !href.includes('://')) return `https://${href}`
  return href && !/\s/.test(href) || href.startsWith('/') ? safeHref(href) : null
}

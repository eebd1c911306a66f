/** Files that are chosen, pasted or dropped. */
import { element } from './element.js'

/**
 * Opens the system's file dialog; for pictures a phone offers its camera there.
 * @param {string} accept @param {(file: File) => void} use
 */
export function chooseFile(accept, use) {
  const input = element('input', { type: 'file', accept, hidden: true })
  const remove = () => input.remove()
  input.addEventListener('change', () => {
    const [file] = input.files ?? []
    remove()
    if (file) use(file)
  })
  input.addEventListener('cancel', remove)
  // Some browsers open the dialog only for an input that is in the page.
  document.body.append(input)
  input.click()
}

const isPicture = (/** @type {File} */ file) => file.type.startsWith('image/')
const isWord = (/** @type {File} */ file) => /\.docx$/i.test(file.name) ||
  file.type === 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** @param {DataTransfer | null} data */
export function usableFiles(data) {
  const files = [...(data?.files ?? [])]
  return { pictures: files.filter(isPicture), words: files.filter(isWord) }
}

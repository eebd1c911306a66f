/** The test page's own script: opens the editor and lets the test reach it. */
import { attachToolbar, openEditor, WORDS } from '../../index.js'
import { cleanPastedHtml } from '../../paste.js'
import { VI } from './words-vi.js'

const violations = []
document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample} ${event.sourceFile}:${event.lineNumber}`)
})

const stage = { changes: 0, failNext: false, violations, cleanPastedHtml, WORDS, VI, held: null, release: () => {} }
window.stage = stage

stage.open = (markdown, options = {}) => {
  stage.editor?.destroy()
  stage.changes = 0
  stage.editor = openEditor({
    place: document.getElementById('place'),
    markdown,
    words: VI,
    onChange: () => stage.changes++,
    upload: async (file) => {
      if (stage.held) await stage.held
      if (stage.failNext) {
        stage.failNext = false
        throw new Error('Ảnh lớn hơn 10 MB, hãy chọn ảnh nhỏ hơn.')
      }
      return { path: `/tep/${file.name}` }
    },
    readWord: async () => ({ markdown: '## Từ Word\n\n- một\n- hai\n' }),
    ...options,
  })
}
stage.hold = () => {
  stage.held = new Promise((resolve) => {
    stage.release = () => {
      stage.held = null
      resolve(null)
    }
  })
}
stage.openField = (text) => {
  stage.editor?.destroy()
  stage.editor = null
  stage.fieldTools?.destroy()
  const field = document.createElement('textarea')
  field.value = text
  field.className = 'editor-surface editor-markdown'
  const box = document.createElement('div')
  box.className = 'editor'
  box.append(field)
  document.getElementById('place').replaceChildren(box)
  stage.fieldTools = attachToolbar(field, { words: VI, upload: async (file) => ({ path: `/tep/${file.name}` }) })
  return field
}
/** Pastes as a browser would after Ctrl+V. */
stage.paste = (data, files = []) => {
  const transfer = new DataTransfer()
  for (const [type, text] of Object.entries(data)) transfer.setData(type, text)
  for (const file of files) transfer.items.add(file)
  document.querySelector('.editor-surface').dispatchEvent(
    new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }),
  )
}
stage.drop = (files, x, y) => {
  const transfer = new DataTransfer()
  for (const file of files) transfer.items.add(file)
  document.querySelector('.editor-surface').dispatchEvent(
    new DragEvent('drop', { dataTransfer: transfer, clientX: x, clientY: y, bubbles: true, cancelable: true }),
  )
}
stage.ready = true

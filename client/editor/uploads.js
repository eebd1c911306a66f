/** Shows where a file is being uploaded or read, and finds the place again when it is done. */
import { Plugin, PluginKey } from 'prosemirror-state'
import { Decoration, DecorationSet } from 'prosemirror-view'
import { element } from './element.js'

/** @type {PluginKey<DecorationSet>} */
const key = new PluginKey('uploads')

export const uploads = new Plugin({
  key,
  state: {
    init: () => DecorationSet.empty,
    apply(tr, set) {
      const moved = set.map(tr.mapping, tr.doc)
      const change = tr.getMeta(key)
      if (change?.add) {
        const { id, pos, label } = change.add
        return moved.add(tr.doc, [Decoration.widget(pos, () => placeholder(label), { id, side: 1, ignoreSelection: true })])
      }
      if (change?.remove) return moved.remove(moved.find(undefined, undefined, (spec) => spec.id === change.remove))
      return moved
    },
  },
  props: { decorations: (state) => key.getState(state) },
})

/** @param {string} label */
function placeholder(label) {
  // How much is sent is not known here: a bar without a value moves by itself.
  return element(
    'span',
    { class: 'editor-upload', contenteditable: 'false', role: 'status' },
    element('progress', { 'aria-label': label }),
    label,
  )
}

/**
 * @param {import('prosemirror-view').EditorView} view @param {number} pos @param {string} label
 * @returns {{ finish(): number | null }} `finish` takes the mark away and tells
 *   where it was, or null if the text around it is gone
 */
export function markUpload(view, pos, label) {
  const id = {}
  view.dispatch(view.state.tr.setMeta(key, { add: { id, pos, label } }).setMeta('addToHistory', false))
  return {
    finish() {
      if (view.isDestroyed) return null
      const [found] = key.getState(view.state)?.find(undefined, undefined, (spec) => spec.id === id) ?? []
      view.dispatch(view.state.tr.setMeta(key, { remove: id }).setMeta('addToHistory', false))
      return found?.from ?? null
    },
  }
}

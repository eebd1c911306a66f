/** The keys, and what typing at the start of a line does. */
import {
  baseKeymap, chainCommands, exitCode, toggleMark,
} from 'prosemirror-commands'
import { redo, undo } from 'prosemirror-history'
import { inputRules, textblockTypeInputRule, undoInputRule, wrappingInputRule } from 'prosemirror-inputrules'
import { keymap } from 'prosemirror-keymap'
import { splitListItem } from 'prosemirror-schema-list'
import { Plugin } from 'prosemirror-state'
import { goToNextCell } from 'prosemirror-tables'
import { breakLine, indent, moveBlock, outdent, toggleHeading } from './commands.js'
import { editSelectedBlock } from './node-views.js'
import { schema } from './schema.js'
import { enterInTable, stopAtCellEdge } from './tables.js'

const { nodes, marks } = schema

/** @param {{ editLink(): void, focusToolbar(): void }} actions */
export function editorKeys({ editLink, focusToolbar }) {
  return [tabKeys(), keymap({
    'Mod-b': toggleMark(marks.strong),
    'Mod-i': toggleMark(marks.em),
    'Mod-k': () => {
      editLink()
      return true
    },
    'Mod-z': undo,
    'Shift-Mod-z': redo,
    'Mod-y': redo,
    'Mod-Alt-2': toggleHeading(2),
    'Mod-Alt-3': toggleHeading(3),
    'Mod-Alt-4': toggleHeading(4),
    'Shift-Enter': chainCommands(exitCode, breakLine),
    Enter: chainCommands(editSelectedBlock, enterInTable, splitListItem(nodes.list_item)),
    Backspace: chainCommands(undoInputRule, stopAtCellEdge(-1), headingToParagraph),
    Delete: stopAtCellEdge(1),
    'Mod-]': indent,
    'Mod-[': outdent,
    'Alt-ArrowUp': moveBlock(-1),
    'Alt-ArrowDown': moveBlock(1),
    'Alt-F10': () => {
      focusToolbar()
      return true
    },
  }), keymap(baseKeymap)]
}

/**
 * Tab goes through cells and indents list items, but must not be a trap: after
 * Escape the next Tab leaves the text, as does one that has nothing to do.
 */
function tabKeys() {
  let leaving = false
  const keys = {
    Tab: chainCommands(goToNextCell(1), indent),
    'Shift-Tab': chainCommands(goToNextCell(-1), outdent),
  }
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        if (event.key === 'Escape') {
          leaving = true
          return false
        }
        if (event.key === 'Shift') return false
        const command = event.key === 'Tab' && !event.ctrlKey && !event.altKey && !leaving &&
          keys[event.shiftKey ? 'Shift-Tab' : 'Tab']
        leaving = false
        return command ? command(view.state, view.dispatch, view) : false
      },
    },
  })
}

/** At the start of a heading, the first thing to go is the heading. @type {import('prosemirror-state').Command} */
function headingToParagraph(state, dispatch, view) {
  const { $head, empty } = state.selection
  if (!empty || $head.parent.type !== nodes.heading || $head.parentOffset > 0) return false
  if (!view?.endOfTextblock('backward', state)) return false
  dispatch?.(state.tr.setNodeMarkup($head.before(), nodes.paragraph, { origin: $head.parent.attrs.origin }))
  return true
}

export const typingRules = inputRules({
  rules: [
    textblockTypeInputRule(/^(#{1,4})\s$/, nodes.heading, (match) => ({ level: Math.max(2, match[1].length) })),
    textblockTypeInputRule(/^```$/, nodes.code_block),
    wrappingInputRule(/^[-*+]\s$/, nodes.bullet_list),
    wrappingInputRule(
      /^(\d{1,9})([.)])\s$/,
      nodes.ordered_list,
      (match) => ({ start: Number(match[1]), marker: match[2] }),
      (match, list) => list.childCount + list.attrs.start === Number(match[1]),
    ),
    wrappingInputRule(/^>\s$/, nodes.blockquote),
  ],
})

/** Keeps tables to what Markdown can say: one header row on top, one alignment per column. */
import { Plugin, TextSelection } from 'prosemirror-state'
import { addRowAfter, isInTable, selectedRect } from 'prosemirror-tables'
import { schema } from './schema.js'

/** @typedef {import('prosemirror-state').Command} Command */

const { nodes } = schema

export const tableShape = new Plugin({
  appendTransaction(transactions, _, state) {
    if (!transactions.some((transaction) => transaction.docChanged)) return null
    const { tr } = state
    state.doc.descendants((table, tablePos) => {
      if (table.isTextblock) return false
      if (table.type !== nodes.table) return true
      /** @type {(string | null)[]} */
      const aligns = []
      table.child(0).forEach((cell) => aligns.push(cell.attrs.align))
      table.forEach((row, rowOffset, y) => {
        row.forEach((cell, cellOffset, x) => {
          const type = y === 0 ? nodes.table_header : nodes.table_cell
          const align = aligns[x] ?? null
          if (cell.type === type && cell.attrs.align === align) return
          tr.setNodeMarkup(tablePos + 1 + rowOffset + 1 + cellOffset, type, { ...cell.attrs, align })
        })
      })
      return false
    })
    return tr.docChanged ? tr : null
  },
})

/** @param {number} rows @param {number} columns */
export function emptyTable(rows, columns) {
  const row = (/** @type {import('prosemirror-model').NodeType} */ type) =>
    nodes.table_row.create(null, Array.from({ length: columns }, () => type.create()))
  return nodes.table.create(null, Array.from({ length: rows }, (_, y) =>
    row(y === 0 ? nodes.table_header : nodes.table_cell)))
}

/** Enter goes down a row and makes one below the last. @type {Command} */
export function enterInTable(state, dispatch, view) {
  if (!isInTable(state)) return false
  if (!dispatch) return true
  const { map, bottom, left } = selectedRect(state)
  if (bottom === map.height) addRowAfter(state, dispatch)
  const current = view?.state ?? state
  const rect = selectedRect(current)
  const cell = rect.map.map[Math.min(bottom, rect.map.height - 1) * rect.map.width + left]
  dispatch(current.tr
    .setSelection(TextSelection.near(current.doc.resolve(rect.tableStart + cell + 1)))
    .scrollIntoView())
  return true
}

/** Nothing to delete towards at a cell's edge: the cells must not be joined. @param {-1 | 1} direction @returns {Command} */
export const stopAtCellEdge = (direction) => (state) => {
  const { $head, empty } = state.selection
  if (!empty || !$head.parent.type.spec.tableRole) return false
  return direction < 0 ? $head.parentOffset === 0 : $head.parentOffset === $head.parent.content.size
}

/** The toolbar's drawings, as paths on a 24 × 24 grid drawn with a 2-wide pen. */
const PATHS = {
  bold: 'M7 4h6a4 4 0 0 1 0 8H7zM7 12h7a4 4 0 0 1 0 8H7z',
  italic: 'M10 4h8M6 20h8M14 4l-4 16',
  strike: 'M4 12h16M17 7c-1-2-3-3-5-3-6 0-6 6-2 7M7 17c1 2 3 3 5 3 5 0 6-4 4-6',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  unlink: 'M14 16l2-2M16 8a4 4 0 0 1 3 3l-1 1M8 16a4 4 0 0 1-3-3l1-1M8 10l2-2M4 4l16 16',
  bulletList: 'M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01',
  orderedList: 'M10 6h10M10 12h10M10 18h10M4 5l1-1v5M4 15c0-1 2-1 2 0s-2 2-2 4h2',
  indent: 'M4 5h16M12 10h8M12 14h8M4 19h16M4 9l3 3-3 3',
  outdent: 'M4 5h16M12 10h8M12 14h8M4 19h16M7 9l-3 3 3 3',
  quote: 'M5 5v14M10 7h10M10 12h10M10 17h6',
  callout: 'M12 4a8 8 0 1 0 .01 0M12 11v5M12 8h.01',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01',
  document: 'M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h7',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M12 5v14',
  rule: 'M4 12h16',
  word: 'M6 3h8l5 5v13H6zM14 3v5h5M9 12l1.5 6 1.5-4 1.5 4 1.5-6',
  undo: 'M9 6L5 10l4 4M5 10h9a5 5 0 0 1 0 10h-3',
  redo: 'M15 6l4 4-4 4M19 10h-9a5 5 0 0 0 0 10h3',
  toSource: 'M8 7l-5 5 5 5M16 7l5 5-5 5M13 5l-2 14',
  toVisual: 'M2 12c4-8 16-8 20 0-4 8-16 8-20 0M12 9a3 3 0 1 0 .01 0',
  rowAfter: 'M4 4h16v7H4zM12 14v7M8.5 17.5h7',
  columnAfter: 'M4 4h7v16H4zM14 12h7M17.5 8.5v7',
  deleteRow: 'M4 4h16v7H4zM9 15l6 5M15 15l-6 5',
  deleteColumn: 'M4 4h7v16H4zM15 9l5 6M20 9l-5 6',
  deleteTable: 'M4 5h16v14H4zM9 9l6 6M15 9l-6 6',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  moveUp: 'M12 19V5M6 11l6-6 6 6',
  moveDown: 'M12 5v14M6 13l6 6 6-6',
  delete: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  close: 'M6 6l12 12M18 6L6 18',
}

/** Headings are told apart by their level, which no drawing says better. */
const GLYPHS = { heading2: 'H2', heading3: 'H3', heading4: 'H4' }

/** @typedef {keyof typeof PATHS | keyof typeof GLYPHS} IconName */

const SVG = 'http://www.w3.org/2000/svg'

/** @param {IconName} name @returns {Element} */
export function icon(name) {
  const glyph = GLYPHS[/** @type {keyof typeof GLYPHS} */ (name)]
  if (glyph) {
    const text = document.createElement('span')
    text.className = 'editor-glyph'
    text.setAttribute('aria-hidden', 'true')
    text.textContent = glyph
    return text
  }
  const svg = document.createElementNS(SVG, 'svg')
  const attributes = {
    viewBox: '0 0 24 24',
    width: '20',
    height: '20',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '2',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  }
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value)
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', PATHS[/** @type {keyof typeof PATHS} */ (name)])
  svg.append(path)
  return svg
}

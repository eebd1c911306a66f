/**
 * The portal's own conventions inside ordinary Markdown: how a picture's title
 * holds caption and credit, a link's title a document's number and date, and a
 * quotation's first line the kind of a call-out.
 */

/** Call-out kinds, in the order in which they are offered. */
export const CALLOUT_KINDS = ['NOTE', 'IMPORTANT', 'WARNING']

const CALLOUT_MARKER = new RegExp(`^\\[!(${CALLOUT_KINDS.join('|')})\\][ \\t]*$`, 'i')

/** @param {string} line @returns {string | null} the kind that the line names */
export function calloutKind(line) {
  return CALLOUT_MARKER.exec(line)?.[1].toUpperCase() ?? null
}

/**
 * `Caption | Credit`, parted at the last bar that has a space (or the end) on
 * either side. A title without such a bar is a caption alone.
 * @param {string} title
 */
export function captionOf(title) {
  const bar = lastBar(title)
  if (bar == null) return { caption: title.trim(), credit: '' }
  return { caption: title.slice(0, bar).trim(), credit: title.slice(bar + 1).trim() }
}

/** @param {string} title @returns {number | null} */
function lastBar(title) {
  for (let at = title.lastIndexOf('|'); at >= 0; at = at > 0 ? title.lastIndexOf('|', at - 1) : -1) {
    const before = title[at - 1] ?? ' '
    const after = title[at + 1] ?? ' '
    if (/\s/.test(before) && /\s/.test(after)) return at
  }
  return null
}

/** @param {{ caption: string, credit: string }} figure */
export function captionTitle({ caption, credit }) {
  // A caption with a bar of its own needs the last bar written even if nothing follows.
  if (credit || lastBar(caption) != null) return `${caption} | ${credit}`.trim()
  return caption
}

const DOCUMENT_TITLE = /^(.*?)\s*\|\s*(\d{4}-\d{2}-\d{2})$/s

/** @param {string | null | undefined} title @returns {{ number: string, date: string } | null} */
export function documentFacts(title) {
  const found = DOCUMENT_TITLE.exec(title ?? '')
  return found && { number: found[1].trim(), date: found[2] }
}

/** @param {{ number: string, date: string }} facts */
export function documentTitle({ number, date }) {
  return `${number} | ${date}`.trim()
}

/**
 * The address if a reader may be sent there, else null. Addresses without a
 * scheme (`/trang`, `#muc`, `tep.pdf`) are the portal's own.
 * @param {string} href
 */
export function safeHref(href) {
  // Browsers ignore control characters and blanks inside a scheme.
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href.replace(/[\u0000-\u0020]/g, ''))
  if (!scheme) return href
  return /^(https?|mailto|tel)$/i.test(scheme[1]) ? href : null
}

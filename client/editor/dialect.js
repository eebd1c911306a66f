/**
 * The portal's own conventions inside ordinary Markdown: how a picture's title
 * holds caption and credit, a link's title a document's number and date, and a
 * quotation's first line the kind of a call-out.
 */

/** Call-out kinds, in the order in which they are offered. */
export const CALLOUT_KINDS = ['NOTE', 'IMPORTANT', 'WARNING']

/**
 * The first line of a call-out: its kind and, rarely, a title of its own. The
 * server knows two kinds more than are offered.
 */
export const CALLOUT_MARKER = new RegExp(`^> \\[!(${[...CALLOUT_KINDS, 'TIP', 'CAUTION'].join('|')})\\](.*)$`, 'is')

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
    if ((title[at - 1] ?? ' ') === ' ' && (title[at + 1] ?? ' ') === ' ') return at
  }
  return null
}

/** @param {{ caption: string, credit: string }} figure */
export function captionTitle({ caption, credit }) {
  // A caption with a bar of its own needs the last bar written even if nothing follows.
  if (credit || lastBar(caption) != null) return `${caption} | ${credit}`.trim()
  return caption
}

const DOCUMENT_TITLE = /^(.*)\|\s*(\d{4}-\d{2}-\d{2})\s*$/s
/** Elsewhere readers are sent by an ordinary link, if at all. */
const DOCUMENT_ADDRESS = /^(?:https?:\/\/|\/(?![/\\]))/

/**
 * What is said of the document that a link leads to; null for any other link.
 * @param {string} href @param {string | null | undefined} title
 * @returns {{ number: string, date: string } | null}
 */
export function documentFacts(href, title) {
  const [, number, date] = DOCUMENT_TITLE.exec(title ?? '') ?? []
  return date && isDay(date) && DOCUMENT_ADDRESS.test(href) ? { number: number.trim(), date } : null
}

function isDay(/** @type {string} */ date) {
  const at = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(date)
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
  return /^(https?|mailto)$/i.test(scheme[1]) ? href : null
}

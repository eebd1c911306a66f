/**
 * Word's lists are paragraphs that only look like lists: the style says the
 * list and level, a span the bullet or number. Makes real lists of them.
 */

/** @typedef {{ level: number, list: string, ordered: boolean, start: number, content: HTMLElement }} Item */

/**
 * @param {HTMLElement} root
 * @param {(dom: Element) => string} styleOf
 */
export function buildWordLists(root, styleOf) {
  const paragraphs = [...root.querySelectorAll('p, h1, h2, h3, h4, h5, h6')]
    .filter((dom) => /mso-list:\s*l\d+\s+level\d+/i.test(styleOf(dom)))
  /** @type {Item[]} */
  let run = []
  /** @type {Element | null} */
  let last = null
  for (const paragraph of paragraphs) {
    if (last && nextElement(last) !== paragraph) {
      replaceRun(run)
      run = []
    }
    run.push(itemOf(/** @type {HTMLElement} */ (paragraph), styleOf))
    last = paragraph
  }
  replaceRun(run)
}

/** The element right after, if nothing but blanks and comments is between. */
function nextElement(/** @type {Element} */ dom) {
  let next = dom.nextSibling
  while (next && (next.nodeType === Node.COMMENT_NODE || (next.nodeType === Node.TEXT_NODE && !next.textContent?.trim()))) {
    next = next.nextSibling
  }
  return next
}

/** @param {HTMLElement} paragraph @param {(dom: Element) => string} styleOf @returns {Item} */
function itemOf(paragraph, styleOf) {
  const style = styleOf(paragraph)
  const [, list, level] = /** @type {RegExpExecArray} */ (/mso-list:\s*(l\d+)\s+level(\d+)/i.exec(style))
  const label = [...paragraph.querySelectorAll('*')].find((dom) => /mso-list:\s*ignore/i.test(styleOf(dom)))
  const marker = (label?.textContent ?? '').replace(/[\s\u00a0]+/g, '')
  label?.remove()
  // "1." "a)" "IV." "(2)" or "1.1." are numbers; "·", "o", "§", "-" are bullets.
  const ordered = /^\(?(?:\d+|[a-zđ]|[ivxlcdm]+)(?:\.\d+)*[.)]\)?$/i.test(marker)
  const start = Number(/^\(?(\d+)[.)]/.exec(marker)?.[1] ?? 1)
  return { level: Number(level), list, ordered, start, content: paragraph }
}

/** @param {Item[]} run neighbouring list paragraphs */
function replaceRun(run) {
  if (!run.length) return
  const { ownerDocument } = run[0].content
  /** @type {{ level: number, list: string, ordered: boolean, dom: HTMLElement }[]} */
  const open = []
  for (const item of run) {
    while (open.length && /** @type {any} */ (open.at(-1)).level > item.level) open.pop()
    let current = open.at(-1)
    if (current && current.level === item.level && (current.ordered !== item.ordered || current.list !== item.list)) {
      open.pop()
      current = undefined
    }
    if (!current || current.level < item.level) {
      const dom = ownerDocument.createElement(item.ordered ? 'ol' : 'ul')
      if (item.ordered && item.start > 1) dom.setAttribute('start', String(item.start))
      const outer = open.at(-1)?.dom.lastElementChild
      if (outer) outer.append(dom)
      else item.content.before(dom)
      current = { level: item.level, list: item.list, ordered: item.ordered, dom }
      open.push(current)
    }
    const li = ownerDocument.createElement('li')
    const paragraph = ownerDocument.createElement('p')
    paragraph.append(...item.content.childNodes)
    li.append(paragraph)
    current.dom.append(li)
    item.content.remove()
  }
}

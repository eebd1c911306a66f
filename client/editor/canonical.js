/**
 * The normal form of a block: the one of many equal documents that Markdown
 * can say. Markdown has no empty paragraphs, no blanks at the edge of a line
 * and no bold blanks at the edge of bold text; two blocks mean the same
 * exactly when their normal forms are equal.
 */
import { Fragment } from 'prosemirror-model'
import { documentFacts, documentTitle } from './dialect.js'
import { isList, isParagraphLike, schema } from './schema.js'

/** @typedef {import('prosemirror-model').Node} PmNode */
/** @typedef {import('prosemirror-model').Mark} Mark */
/** @typedef {{ text: string, marks: readonly Mark[], gap: boolean }} Run */

const { nodes } = schema

/** @param {PmNode} node @returns {PmNode} */
export function canonical(node) {
  const attrs = node.attrs.origin == null ? node.attrs : { ...node.attrs, origin: null }
  if (node.type === nodes.document) {
    const paragraph = linkOfCard(node)
    if (paragraph) return canonical(paragraph)
  }
  if (node.type === nodes.code_block || node.isAtom) {
    return node.type.create(attrs, node.content)
  }
  if (node.type === nodes.paragraph) {
    const content = canonicalInline(node)
    return documentCard(content) ?? node.type.create(attrs, content)
  }
  if (node.isTextblock) return node.type.create(attrs, canonicalInline(node))
  const content = canonicalChildren(node)
  if (isList(node)) {
    const list = node.type.create({ ...attrs, marker: node.type.spec.attrs?.marker.default }, content)
    return list.type.create({ ...list.attrs, tight: isTight(list) }, list.content)
  }
  return node.type.create(attrs, content)
}

/** A paragraph left with nothing but a document's link is that document's card. */
function documentCard(/** @type {Fragment} */ content) {
  const link = content.firstChild?.marks.find((mark) => mark.type === schema.marks.link)
  if (!link) return null
  let title = ''
  let whole = true
  content.forEach((child) => {
    title += child.text ?? ' '
    // Behind a break the link goes on.
    whole &&= child.type === nodes.hard_break || link.isInSet(child.marks)
  })
  const facts = whole ? documentFacts(link.attrs.href, link.attrs.title) : null
  return facts && nodes.document.create({ href: link.attrs.href, title, ...facts })
}

/** A card's address may be one at which the server shows an ordinary link. */
function linkOfCard(/** @type {PmNode} */ { attrs }) {
  const { href, title } = attrs
  const facts = documentTitle(/** @type {any} */ (attrs))
  if (documentFacts(href, facts)) return null
  return nodes.paragraph.create(null, title.trim() ? schema.text(title.trim(), [schema.marks.link.create({ href, title: facts })]) : null)
}

/** @param {PmNode} node */
export function isBlank(node) {
  return node.type === nodes.paragraph && node.content.size === 0
}

/** @param {PmNode} parent */
function canonicalChildren(parent) {
  /** @type {PmNode[]} */
  const children = []
  parent.forEach((child) => children.push(canonical(child)))
  if (parent.type === nodes.table || parent.type === nodes.table_row || isList(parent)) {
    return Fragment.from(children)
  }
  const said = children.filter((child) => !isBlank(child))
  return Fragment.from(said.length ? said : children.slice(0, 1))
}

/**
 * Whether the list is written without blank lines, which is also how it is
 * shown: as far as its author's wish can be written at all.
 * @param {PmNode} list a list whose children are canonical
 */
function isTight(list) {
  let hasParagraph = false
  let canBeTight = true
  let canBeLoose = list.childCount > 1
  list.forEach((item) => {
    if (item.childCount > 1) canBeLoose = true
    item.forEach((child, _, index) => {
      if (isParagraphLike(child) && !isBlank(child)) hasParagraph = true
      if (index > 0 && !followsDirectly(item.child(index - 1), child)) canBeTight = false
    })
  })
  if (!hasParagraph) return canBeTight
  return canBeTight && (list.attrs.tight || !canBeLoose)
}

/** Whether `block` may follow `before` on the next line and both still be read. */
function followsDirectly(/** @type {PmNode} */ before, /** @type {PmNode} */ block) {
  const closed = [nodes.code_block, nodes.heading, nodes.horizontal_rule].includes(before.type)
  if (isParagraphLike(block) || block.type === nodes.table) return closed
  if (before.type === nodes.table) return false
  if (block.type === nodes.blockquote || block.type === nodes.callout) {
    return before.type !== nodes.blockquote && before.type !== nodes.callout
  }
  if (isList(block) && !closed) {
    // Neither a number other than 1 nor an empty item ends the text before.
    const first = block.child(0)
    return block.attrs.start !== 1 && block.type === nodes.ordered_list
      ? false
      : !(first.childCount === 1 && isBlank(first.child(0)))
  }
  return true
}

/** @param {PmNode} block */
function canonicalInline(block) {
  /** @type {Run[]} */
  const runs = []
  block.forEach((child) => {
    if (child.type === nodes.hard_break) {
      runs.push({ text: '\n', marks: child.marks, gap: true })
      return
    }
    const text = (child.text ?? '').replace(/[\r\n]+/g, ' ')
    if (schema.marks.code.isInSet(child.marks)) {
      runs.push({ text, marks: child.marks, gap: false })
      return
    }
    const [, lead, core, trail] = /** @type {RegExpExecArray} */ (/^(\s*)(.*?)(\s*)$/s.exec(text))
    if (lead) runs.push({ text: lead, marks: child.marks, gap: true })
    if (core) runs.push({ text: core, marks: child.marks, gap: false })
    if (trail) runs.push({ text: trail, marks: child.marks, gap: true })
  })

  /** @type {PmNode[]} */
  const content = []
  for (let at = 0; at < runs.length;) {
    if (!runs[at].gap) {
      content.push(schema.text(runs[at].text, runs[at].marks))
      at++
      continue
    }
    const from = at
    while (at < runs.length && runs[at].gap) at++
    // Blanks at either edge of the block are not read back.
    if (from === 0 || at === runs.length) continue
    const gap = runs.slice(from, at).map((run) => run.text).join('')
    if (!gap.includes('\n')) {
      content.push(schema.text(gap, sharedMarks(runs.slice(from - 1, at + 1).map((run) => run.marks))))
      continue
    }
    // Nobody can see whether a break is bold.
    for (const _ of gap.replace(/[^\n]/g, '')) content.push(nodes.hard_break.create())
  }
  return Fragment.fromArray(joinEqualText(content))
}

/** A gap is bold only if it was made so and the text on both sides is. @param {(readonly Mark[])[]} sets */
function sharedMarks([first, ...others]) {
  return first.filter((mark) =>
    mark.type !== schema.marks.code && others.every((set) => mark.isInSet(set)))
}

/** @param {PmNode[]} content */
function joinEqualText(content) {
  /** @type {PmNode[]} */
  const joined = []
  for (const node of content) {
    const last = joined.at(-1)
    if (last?.isText && node.isText && last.sameMarkup(node)) {
      joined[joined.length - 1] = schema.text(`${last.text}${node.text}`, node.marks)
    } else {
      joined.push(node)
    }
  }
  return joined
}

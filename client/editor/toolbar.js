/**
 * The toolbar itself: one stop for the Tab key, arrows move inside it. What its
 * buttons do is given by the visual editor or by the plain text field.
 */
import { element } from './element.js'
import { icon } from './icons.js'

/**
 * @typedef {object} Tool
 * @property {keyof import('./words.js').Words & import('./icons.js').IconName} name
 * @property {string} [keys] as in `aria-keyshortcuts`
 * @property {() => void} run
 * @property {() => boolean} [pressed] given for tools that can be on
 * @property {() => boolean} [enabled]
 */

/** @typedef {{ label?: string, shown?: () => boolean, tools: Tool[] }} ToolGroup */

/**
 * @param {object} options
 * @param {import('./words.js').Words} options.words
 * @param {ToolGroup[]} options.groups
 */
export function createToolbar({ words, groups }) {
  /** @type {{ tool: Tool, button: HTMLButtonElement }[]} */
  const all = []
  const parts = groups.map(({ label, shown, tools }) => {
    const dom = element('div', { class: 'editor-tools', role: label ? 'group' : null, 'aria-label': label })
    for (const tool of tools) {
      const button = toolButton(words[tool.name], tool)
      all.push({ tool, button })
      dom.append(button)
    }
    return { dom, shown }
  })
  const dom = element(
    'div',
    { class: 'editor-toolbar', role: 'toolbar', 'aria-label': words.toolbar },
    ...parts.map((part) => part.dom),
  )

  const reachable = () => all
    .map(({ button }) => button)
    .filter((button) => !(/** @type {HTMLElement} */ (button.parentElement)).hidden)

  /** @param {HTMLButtonElement} stop */
  function makeStop(stop) {
    for (const { button } of all) button.tabIndex = button === stop ? 0 : -1
  }

  dom.addEventListener('keydown', (event) => {
    const buttons = reachable()
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement))
    const to = {
      ArrowRight: (at + 1) % buttons.length,
      ArrowLeft: (at - 1 + buttons.length) % buttons.length,
      Home: 0,
      End: buttons.length - 1,
    }[event.key]
    if (at < 0 || to == null) return
    event.preventDefault()
    makeStop(buttons[to])
    buttons[to].focus()
  })
  dom.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLButtonElement) makeStop(target)
  })

  function update() {
    for (const { dom: group, shown } of parts) group.hidden = shown ? !shown() : false
    for (const { tool, button } of all) {
      if (tool.pressed) button.setAttribute('aria-pressed', String(tool.pressed()))
      // Not `disabled`: the focus would be lost with the button it is on.
      button.setAttribute('aria-disabled', String(tool.enabled ? !tool.enabled() : false))
    }
    const buttons = reachable()
    if (!buttons.some((button) => button.tabIndex === 0)) makeStop(buttons[0])
  }

  makeStop(all[0].button)
  update()
  return {
    dom,
    update,
    focus() {
      reachable().find((button) => button.tabIndex === 0)?.focus()
    },
  }
}

/** @param {string} label @param {Tool} tool */
function toolButton(label, { name, keys, run, enabled }) {
  const button = element(
    'button',
    {
      type: 'button',
      class: 'editor-tool',
      'data-tool': name,
      'aria-label': label,
      'aria-keyshortcuts': keys,
      title: keys ? `${label} (${keys.replace('Control', 'Ctrl')})` : label,
      // The selection must stay where it is when a mouse or finger presses.
      mousedown: (event) => event.preventDefault(),
      click: () => {
        if (!enabled || enabled()) run()
      },
    },
  )
  button.append(icon(name))
  return button
}

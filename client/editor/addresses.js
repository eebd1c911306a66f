/** Bare addresses as the server finds them in running text, to make links of them. */

/** What may stand before `www.`. */
export const WWW_BEFORE = /[\t\n\v\f\r *_~([]/
const SCHEME = /(?:^|[^a-z])(?:https?|ftp)$/i
/** A blank ends an address. */
const REST = /[^\t\n\v\f\r ]*/y

/**
 * The end of the address at a place, or null if there is none.
 * @param {string} text @param {number} at of its `://`, or of its `www.`
 * @returns {number | null}
 */
export function addressAt(text, at) {
  const bare = text.startsWith('www.', at)
  if (!bare && !(text.startsWith('://', at) && SCHEME.test(text.slice(Math.max(0, at - 6), at)))) return null
  const host = at + (bare ? 4 : 3)
  const name = hostAt(text, host)
  if (!name || (bare ? !name.dots : !/^[^\s\p{P}\p{S}]/u.test(text.slice(host, host + 2)))) return null
  REST.lastIndex = host
  const end = at + lengthOf(text.slice(at, host + (REST.exec(text)?.[0].length ?? 0)))
  return end > host ? end : null
}

/**
 * The name of a host; none with an underscore in its last two parts, if it has
 * no more parts than a host may have.
 * @param {string} text @param {number} at
 */
function hostAt(text, at) {
  const name = /^(?:[^\s\p{P}\p{S}]|[-_.\\])*/u.exec(text.slice(at))?.[0] ?? ''
  const parts = name.split('.')
  const dots = parts.length - 1
  if (dots <= 10 && parts.slice(-2).some((part) => part.includes('_'))) return null
  return { dots }
}

/** What ends an address without being of it. @param {string} address @returns {number} */
function lengthOf(address) {
  let end = address.includes('<') ? address.indexOf('<') : address.length
  const open = count(address.slice(0, end), '(')
  let closed = count(address.slice(0, end), ')')
  for (; end > 0;) {
    const last = address[end - 1]
    if (last === ';') {
      end = /&[a-z]+;$/i.exec(address.slice(0, end))?.index ?? end - 1
    } else if (last === ')' && closed > open) {
      closed--
      end--
    } else if ('?!.,:*_~\'"'.includes(last)) {
      end--
    } else {
      return last === '\u2069' ? end - 1 : end
    }
  }
  return 0
}

function count(/** @type {string} */ text, /** @type {string} */ sign) {
  return text.split(sign).length - 1
}

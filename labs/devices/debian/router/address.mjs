/** IPv6 addresses as 128-bit numbers, and prefixes as `{ address, length }` with such a number. */

/** @typedef {{ address: bigint, length: number }} Prefix */

const all = (1n << 128n) - 1n

/** @param {string} text @returns {bigint} */
export function parseAddress(text) {
  const [head, tail, more] = text.split('::')
  const groups = (/** @type {string | undefined} */ part) => (part ? part.split(':') : [])
  const front = groups(head)
  const back = groups(tail)
  const missing = 8 - front.length - back.length
  if (more !== undefined || (tail === undefined ? missing !== 0 : missing < 1)) throw new Error(`not IPv6: ${text}`)
  const fill = Array.from({ length: missing }, () => '0')
  return [...front, ...fill, ...back].reduce((sum, group) => {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) throw new Error(`not IPv6: ${text}`)
    return (sum << 16n) | BigInt(`0x${group}`)
  }, 0n)
}

/** RFC 5952. @param {bigint} address */
export function formatAddress(address) {
  const groups = Array.from({ length: 8 }, (_, i) => ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16))
  const text = groups.join(':')
  const runs = [...text.matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length)
  const longest = runs[0]
  if (!longest) return text
  const end = longest.index + longest[0].length
  return `${text.slice(0, longest.index).replace(/:$/, '')}::${text.slice(end).replace(/^:/, '')}`
}

/** @param {string} text @returns {Prefix} */
export function parsePrefix(text) {
  const [address = '', length = ''] = text.split('/')
  return prefix(parseAddress(address), Number(length))
}

/** @param {Prefix} p */
export const formatPrefix = (p) => `${formatAddress(p.address)}/${p.length}`

/** The prefix of that length that holds the address. @param {bigint} address @param {number} length @returns {Prefix} */
export const prefix = (address, length) => ({ address: address & ~hostMask(length) & all, length })

/** @param {number} length */
export const hostMask = (length) => (1n << BigInt(128 - length)) - 1n

/** @param {Prefix} outer @param {bigint} address */
export const holds = (outer, address) => (address & ~hostMask(outer.length) & all) === outer.address

/** @param {Prefix} a @param {Prefix} b */
export const overlap = (a, b) => (a.length < b.length ? holds(a, b.address) : holds(b, a.address))

/** Takes out of a Playwright trace what would let its reader in to the router. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { type Credentials, mask, maskFor } from '../say/mask.ts'

/** The first that a zip can hold: the same trace twice is the same file. */
const mtime = new Date(1980, 0, 1)

export interface Known {
  credentials: readonly Credentials[]
  /** Values of cookies, masked wherever they are. */
  cookies: readonly string[]
}

/**
 * Rewrites a trace in place, without cookies, authorization, the content of password fields, and the known credentials in
 * any form. A trace that can't be rewritten is deleted. Returns the number of places that were masked.
 */
export function scrubTrace(path: string, known: Known): number {
  try {
    const files = unzipSync(readFileSync(path))
    const scrub = scrubber(Object.entries(files), known)
    const clean = Object.entries(files).map(([name, data]) => [name, scrub.file(name, data)] as const)
    writeFileSync(`${path}.new`, zipSync(Object.fromEntries(clean), { mtime }))
    renameSync(`${path}.new`, path)
    return scrub.found()
  } catch (error) {
    rmSync(path, { force: true })
    throw new Error(`the trace ${path} could not be freed of credentials and was deleted`, { cause: error })
  }
}

const header = /^(?:set-cookie|cookie|authorization|proxy-authorization)$/i
const credential = /passw|passphrase|passcode|pwd|secret|psk|credential|^(?:pass|pw|pin)$/i
const passwordField = /<input\b[^>]*\btype\s*=\s*["']?password\b[^>]*>/gi
const valueAttribute = /(\bvalue\s*=\s*)("[^"]*"|'[^']*'|[^\s>"']+)/i

/** One character for each byte, so that what is not text comes through unchanged. */
const textOf = (data: Uint8Array): string => strFromU8(data, true)
const isLines = (name: string): boolean => /\.(?:trace|network|stacks)$/.test(name)
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** An element of a snapshot of the page: `["INPUT", { "type": "password", ... }]`. */
const isPasswordNode = (node: unknown[]): boolean =>
  node[0] === 'INPUT' && isObject(node[1]) && String(node[1].type).toLowerCase() === 'password'

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What one trace shows of its credentials: the names of password fields, what stood in them, and the calls that filled them. */
function learned(files: readonly (readonly [string, Uint8Array])[]) {
  const names = new Set<string>()
  const values = new Set<string>()
  const calls = new Set<unknown>()
  const look = (value: unknown): void => {
    if (Array.isArray(value) && isPasswordNode(value)) {
      const { name, value: initial, __playwright_value_: now } = value[1]
      if (typeof name === 'string' && name !== '') names.add(name.toLowerCase())
      for (const one of [initial, now]) if (typeof one === 'string' && one !== '') values.add(one)
    }
    if (isObject(value)) for (const one of Object.values(value)) look(one)
  }
  for (const [, data] of files.filter(([name]) => name.endsWith('.trace')))
    for (const line of Buffer.from(data).toString('utf8').split('\n')) {
      const event = parsed(line)
      look(event)
      if (isObject(event) && event.type === 'log' && String(event.message).match(passwordField)) calls.add(event.callId)
    }
  return { names, values, calls }
}

function scrubber(files: readonly (readonly [string, Uint8Array])[], { credentials, cookies }: Known) {
  const { names, values, calls } = learned(files)
  const exact = new Set([...values, ...credentials.map(({ password }) => password)])
  const typed = [...exact].map((password) => ({ user: '', password }))
  const search = maskFor([...credentials, ...typed])
  const sessions = cookies.filter((value) => value.length > 3)
  let found = 0
  const hide = (): string => {
    found += 1
    return mask
  }
  const isCredential = (name: string): boolean => credential.test(name) || names.has(name.toLowerCase())
  const named = (name: string): string => {
    try {
      return decodeURIComponent(name.replaceAll('+', ' '))
    } catch {
      return name
    }
  }

  /** Credentials that a text shows by its own form: queries, form bodies, parts, fields of HTML, user information of URLs. */
  function inText(text: string): string {
    const shaped = text
      .replace(/(^|[?&\r\n])([^\s=&?#"<>{}]{1,80})=([^\s&#"<>]+)/g, (all, before: string, name: string) =>
        isCredential(named(name)) ? `${before}${name}=${hide()}` : all,
      )
      .replace(
        /(\bname="([^"\r\n]*)"(?:\r\n[^\r\n]+)*\r\n\r\n)([\s\S]*?)(?=\r\n--)/g,
        (all, before: string, name: string) => (isCredential(name) ? `${before}${hide()}` : all),
      )
      .replace(passwordField, (field) => field.replace(valueAttribute, (_, before: string) => `${before}"${hide()}"`))
      .replace(/(:\/\/[^\s/:@"]+:)[^\s/@"]+@/g, (_, before: string) => `${before}${hide()}@`)
    const searched = search(shaped)
    found += searched.found
    return sessions.reduce((all, value) => all.replaceAll(value, hide), searched.text)
  }

  function inValue(value: unknown, key = '', isTyped = false): unknown {
    if (typeof value === 'string') {
      if (value === '' || value === mask) return value
      if (exact.has(value) || header.test(key) || isCredential(key)) return hide()
      if (isTyped && (key === 'value' || key === 'text')) return hide()
      const quoted = /^\s*(?:fill|type|press)\("/.test(value)
      if (quoted && [...exact].some((one) => value.includes(`("${one}")`))) return hide()
      const inner = /^\s*[[{]/.test(value) ? parsed(value) : undefined
      return isObject(inner) ? JSON.stringify(inValue(inner)) : inText(value)
    }
    if (Array.isArray(value)) {
      const node = isPasswordNode(value)
      return value.map((one, index) => (node && index === 1 ? passwordNode(one) : inValue(one, '', isTyped)))
    }
    if (!isObject(value)) return value
    const { name } = value
    const hidden =
      typeof name === 'string' && typeof value.value === 'string' && (header.test(name) || isCredential(name))
    return Object.fromEntries(
      Object.entries(value).map(([inner, one]) => {
        if (inner === 'cookies' && Array.isArray(one)) return [inner, []]
        if (hidden && inner === 'value' && one !== '') return [inner, hide()]
        return [inner, inValue(one, inner, isTyped || calls.has(value.callId))]
      }),
    )
  }

  function passwordNode(attributes: Record<string, unknown>): unknown {
    const shown = Object.entries(attributes).map(([key, value]) =>
      (key === 'value' || key === '__playwright_value_') && value !== '' ? [key, hide()] : [key, value],
    )
    return Object.fromEntries(shown)
  }

  /** A text of JSON lines, or of one JSON value, is read; what is neither is searched as it is. */
  function inLines(text: string): string {
    return text
      .split('\n')
      .map((line) => {
        const value = parsed(line)
        if (!isObject(value)) return inText(line)
        const before = found
        const clean = inValue(value)
        return found === before && !line.includes('"cookies":[{') ? line : JSON.stringify(clean)
      })
      .join('\n')
  }

  return {
    found: () => found,
    file(name: string, data: Uint8Array): Uint8Array {
      if (isLines(name)) return strToU8(inLines(strFromU8(data)))
      const before = textOf(data)
      const value = parsed(Buffer.from(data).toString('utf8'))
      if (isObject(value)) {
        const earlier = found
        const clean = JSON.stringify(inValue(value))
        return found === earlier ? data : strToU8(clean)
      }
      const after = inText(before)
      return after === before ? data : strToU8(after, true)
    },
  }
}

/** The router's memory: small JSON files that survive a power cut at any moment, and are gone after a factory reset. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'

/** @param {string} folder */
export function openFlash(folder) {
  mkdirSync(folder, { recursive: true })
  const path = (/** @type {string} */ name) => `${folder}/${name}.json`
  /** @type {Map<string, string>} */
  const written = new Map()
  return {
    /** @template T @param {string} name @param {T} otherwise @returns {T} */
    read(name, otherwise) {
      try {
        return JSON.parse(readFileSync(path(name), 'utf8'))
      } catch {
        return otherwise
      }
    },
    /** @param {string} name @param {unknown} value */
    write(name, value) {
      const text = JSON.stringify(value)
      if (written.get(name) === text) return
      const file = openSync(`${path(name)}.new`, 'w', 0o600)
      writeSync(file, text)
      fsyncSync(file)
      closeSync(file)
      renameSync(`${path(name)}.new`, path(name))
      written.set(name, text)
    },
  }
}

/** @typedef {ReturnType<typeof openFlash>} Flash */

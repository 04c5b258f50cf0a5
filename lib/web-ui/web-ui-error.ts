import type { WebUi } from './port.ts'

/** The page did not do what was asked of it, or was not there. */
export class WebUiError extends Error {
  override name = 'WebUiError'
  readonly call: keyof WebUi | 'openBrowser'
  readonly expected: string
  readonly seen: string
  readonly remedy: string

  constructor(what: {
    call: keyof WebUi | 'openBrowser'
    expected: string
    seen: string
    remedy: string
    cause?: unknown
  }) {
    super(`web UI, ${what.call}: expected ${what.expected}, seen ${what.seen}. What to do: ${what.remedy}.`, {
      cause: what.cause,
    })
    this.call = what.call
    this.expected = what.expected
    this.seen = what.seen
    this.remedy = what.remedy
  }
}

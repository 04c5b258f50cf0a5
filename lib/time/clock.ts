/** The only source of time. Seconds since the clock's start; a caller cannot distinguish real and virtual time. */
export interface Clock {
  now(): number
  /** Calls `fn` once, at `now() + seconds`. */
  after(seconds: number, fn: () => void): Timer
}

export interface Timer {
  cancel(): void
}

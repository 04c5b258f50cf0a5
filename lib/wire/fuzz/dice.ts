/** Where chance comes from; `Seeded` of lib/time is one. */
export interface Dice {
  /** A whole number, 0 <= n < below. */
  int(below: number): number
  bytes(length: number): Uint8Array
  pick<T>(of: readonly T[]): T
}

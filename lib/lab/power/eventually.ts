import type { Clock } from '../../time/clock.ts'

/** Seconds between two attempts. */
const again = 5

/** Tries something until it works: a router that boots cannot be reached at first. Rejects as the last attempt did. */
export async function eventually<T>(clock: Clock, seconds: number, act: () => Promise<T>): Promise<T> {
  for (const due = clock.now() + seconds; ; )
    try {
      return await act()
    } catch (error) {
      if (clock.now() + again >= due) throw error
      await new Promise<void>((resolve) => clock.after(again, resolve))
    }
}

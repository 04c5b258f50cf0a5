import { type Bench, claim, type Evidence, type Frame, type Mark, markOf, z } from 'denat'

/** Right before a probe a host reached the Internet, or did not: without it the probe shows nothing of the router. */
export const control = markOf('control', { data: { of: z.string() }, frames: ['answer'] })

/** Waits until a host reaches the Internet, since a router may be about to restart. Marks `control`. */
export async function proveTheWay({ lan, internet, timing, mark }: Bench, of: string, since: Frame | Mark) {
  const answer = await lan.host.reaches(internet.address, { since, by: timing.service })
  mark(control, { of }, { answer })
}

/** What did not come of a probe counts only where the way was there. Recordings from before have no control. */
export function needsTheWay({ every, given, undecided }: Evidence, of: string, ...looked: (Frame | Mark)[]): Frame {
  const made = every(control).find((one) => one.of === of)
  if (!made)
    return undecided(
      claim`No packet to the Internet right before the probe shows that the router was online then.`,
      ...looked,
    )
  return given(made.answer, 'DENAT-DEFAULT-1')
}

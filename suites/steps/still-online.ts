import { type Bench, type Evidence, type Frame, markOf, z } from 'denat'

/** What came before it ended nothing: a host reached the Internet, or did not. */
export const stillOnline = markOf('still-online', { data: { when: z.string() }, frames: ['answer'] })

/** Marks `still-online`. */
export async function proveStillOnline({ lan, internet, mark }: Bench, when: string, from?: string): Promise<void> {
  mark(stillOnline, { when }, { answer: await lan.host.ping(internet.address, from ? { from } : {}) })
}

/** The answer, which fences what went before it. */
export const isStillOnline = ({ at, given }: Evidence, when: string): Frame =>
  given(at(stillOnline, (one) => one.when === when).answer, 'DENAT-DEFAULT-1')

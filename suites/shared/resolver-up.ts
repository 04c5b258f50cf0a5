import { claim, type Evidence, type Frame, type Mark, ndOptionsOf, ra, the } from 'denat'

/** The project requires a resolved name within 120 s after power-on. Seconds. */
export const namesWithin = 120

const answers = ({ packet: { ip6, dns } }: Frame): boolean =>
  ip6 !== undefined && dns?.type === 'response' && ['NOERROR', 'NXDOMAIN'].includes(dns.rcode)

/**
 * Whether the resolver that the router announces, this one of several, had begun to answer before this step. A router may
 * need some time for it; a query before then can't be judged.
 */
export function resolverIsUp({ lan, recording, begun, undecided }: Evidence, step: Mark, server?: string): boolean {
  const first = lan
    .of('host')
    .fromDut.all({ ...(server && { ip6: { src: server } }), dns: { type: 'response' } })
    .find(answers)
  if (first && first.at < step.at) return true
  if (first)
    return undecided(claim`The bench sent its query before the resolver answered for the first time.`, step, first)
  const power = begun()
  const end = recording.frames.at(-1)?.at ?? power.at
  if (end - power.at < namesWithin)
    return undecided(
      claim`The recording ends before the resolver had ${the.seconds(namesWithin)} to begin to answer.`,
      step,
    )
  return false
}

/** Whether any RA contains a resolver; where none does, hosts without DHCPv6 have none. */
export const namesResolver = ({ lan }: Pick<Evidence, 'lan'>): boolean =>
  lan.fromDut.all(ra()).some((frame) => ndOptionsOf(frame, 'rdnss').some(({ lifetime }) => lifetime > 0))

import { type DownstreamRouter, isUla, markOf, z } from 'denat'

/** A requesting router on the LAN holds a prefix, by this Reply. */
export const subDelegated = markOf('sub-delegated', {
  data: { prefix: z.string().optional(), router: z.string().optional(), port: z.string().optional() },
  frames: ['granting'],
})
/** What came of an echo request of the host behind it. */
export const behindPing = markOf('behind-ping', { data: { address: z.string().optional() }, frames: ['reply'] })

/** The first global prefix that it holds: a part of the ULA prefix may be delegated too, which no ISP changes. */
export const heldBy = (router: DownstreamRouter): string | undefined =>
  router.prefixes().find((prefix) => !isUla(prefix.split('/')[0] ?? ''))

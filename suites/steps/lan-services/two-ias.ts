import { type Bench, type Frame, iaAddresses, type LanHost, markOf, z } from 'denat'
import { ask, duidOf, ia, serverIn } from './dhcpv6-client.ts'

/** In this order; the second is of the client that has the first. */
export const exchanges = ['first IAID', 'second IAID', 'next client'] as const
export const exchange = markOf('ia-exchange', {
  data: { what: z.enum(exchanges) },
  frames: ['solicit', 'advertise', 'request', 'reply'],
})
/** The client renews what it has under its first IAID. */
export const firstRenewed = markOf('first-ia-renewed', { frames: ['renew', 'reply'] })

/** A client with two IA_NAs, each by an exchange of its own; then another client. */
export async function twoIas(bench: Bench, host: LanHost): Promise<void> {
  const { mark } = bench
  const leases: { client: string; iaid: number; server: string; reply: Frame }[] = []
  const lease = async (what: (typeof exchanges)[number], client: string, iaid: number) => {
    const clientId = { type: 'client-id', duid: client } as const
    const offer = await ask(bench, host, 'solicit', [clientId, ia('ia-na', iaid)])
    const values = offer.answer ? iaAddresses(offer.answer).map(({ address }) => address) : []
    const server = serverIn(offer.answer)
    const given =
      server && values.length > 0
        ? await ask(bench, host, 'request', [clientId, { type: 'server-id', duid: server }, ia('ia-na', iaid, values)])
        : undefined
    const { question: request, answer: reply } = given ?? {}
    mark(exchange, { what }, { solicit: offer.question, advertise: offer.answer, request, reply })
    if (server && reply) leases.push({ client, iaid, server, reply })
  }
  const about = (one: (typeof leases)[number], type: 'renew' | 'release') =>
    ask(bench, host, type, [
      { type: 'client-id', duid: one.client },
      { type: 'server-id', duid: one.server },
      ia(
        'ia-na',
        one.iaid,
        iaAddresses(one.reply).map(({ address }) => address),
      ),
    ])
  await lease('first IAID', duidOf(4), 1)
  await lease('second IAID', duidOf(4), 2)
  const [first] = leases
  if (first) {
    const { question, answer } = await about(first, 'renew')
    mark(firstRenewed, {}, { renew: question, reply: answer })
  }
  await lease('next client', duidOf(5), 1)
  for (const one of leases) await about(one, 'release')
}

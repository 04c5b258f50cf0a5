import type { Timer } from '../time/clock.ts'
import type { Ipv6Address } from '../wire/packet.ts'
import type { Context } from './context.ts'

/** A resolver that stays silent for so long is passed over, seconds; a query is asked of no more than this many. */
const patience = 2
const attempts = 3
/** Queries that wait for an answer at one time. */
const maxWaiting = 512
const firstPort = 49_152

export interface DnsAnswer {
  to: Ipv6Address
  from: Ipv6Address
  port: number
  payload: Uint8Array
}

interface Waiting {
  client: DnsAnswer
  id: Uint8Array
  query: Uint8Array
  timer?: Timer
  tried: number
}

/** Passes DNS messages on as they are, whatever they hold: RFC 5625 section 4. */
export interface DnsProxy {
  query(from: Ipv6Address, port: number, at: Ipv6Address, payload: Uint8Array): void
  /** An answer of the ISP's resolver; false where nobody waits for it. */
  answered(resolver: Ipv6Address, port: number, payload: Uint8Array): boolean
}

export function dnsProxy(
  { clock, random, behaviour }: Context,
  needs: {
    resolvers(): Ipv6Address[]
    ask(resolver: Ipv6Address, port: number, payload: Uint8Array): void
    answer(answer: DnsAnswer): void
  },
): DnsProxy {
  const waiting = new Map<number, Waiting>()

  function ask(port: number, one: Waiting): void {
    const resolvers = needs.resolvers()
    const resolver = resolvers[one.tried % Math.max(1, resolvers.length)]
    if (resolver === undefined || one.tried === attempts) {
      waiting.delete(port)
      return
    }
    one.tried++
    needs.ask(resolver, port, one.query)
    one.timer = clock.after(patience, () => ask(port, one))
  }

  return {
    query(from, port, at, payload) {
      if (payload.length < 12 || waiting.size >= maxWaiting) return
      const busy = [...waiting.values()].some(({ client }) => client.to === from && client.port === port)
      if (busy && behaviour.queriesOfOnePort === 'one at a time') return
      let own = firstPort + random.int(0x10000 - firstPort)
      while (waiting.has(own)) own = firstPort + random.int(0x10000 - firstPort)
      // RFC 5452 section 4: identifier and port are hard to guess.
      const query = behaviour.dnsQuestion(payload.slice())
      query.set(random.bytes(2))
      const one: Waiting = { client: { to: from, from: at, port, payload }, id: payload.slice(0, 2), query, tried: 0 }
      waiting.set(own, one)
      ask(own, one)
    },
    answered(resolver, port, payload) {
      const one = waiting.get(port)
      if (!one || !needs.resolvers().includes(resolver)) return false
      if (payload.length < 12 || payload[0] !== one.query[0] || payload[1] !== one.query[1]) return false
      one.timer?.cancel()
      waiting.delete(port)
      const answer = payload.slice()
      answer.set(one.id)
      const said = behaviour.dnsAnswer(answer)
      if (said) needs.answer({ ...one.client, payload: said })
      return true
    },
  }
}

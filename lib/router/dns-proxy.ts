import type { Timer } from '../time/clock.ts'
import type { Ipv6Address } from '../wire/packet.ts'
import type { Context } from './context.ts'
import { rewritten } from './dns-rewriting.ts'

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
  /** The place of the resolver that is asked first. */
  first: number
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
    /** Nobody is answered before. */
    opensAt(): number
    ask(resolver: Ipv6Address, port: number, payload: Uint8Array): void
    answer(answer: DnsAnswer): void
  },
): DnsProxy {
  const waiting = new Map<number, Waiting>()

  let turn = 0

  function inOrder(first: number): Ipv6Address[] {
    const told = needs.resolvers()
    if (behaviour.resolverOrder === 'last first') return [...told].reverse()
    const place = first % Math.max(1, told.length)
    return [...told.slice(place), ...told.slice(0, place)]
  }

  /** RFC 1035 section 4.1.1: QR, and the code. */
  function refuse(port: number, { client, id, query }: Waiting): void {
    waiting.delete(port)
    const code = { nothing: undefined, SERVFAIL: 2, REFUSED: 5 }[behaviour.withoutResolver]
    if (code === undefined) return
    const payload = query.slice()
    payload.set(id)
    payload[2] = (payload[2] as number) | 0x80
    payload[3] = 0x80 | code
    needs.answer({ ...client, payload })
  }

  function ask(port: number, one: Waiting): void {
    const resolvers = inOrder(one.first)
    const resolver = resolvers[one.tried % Math.max(1, resolvers.length)]
    if (resolver === undefined || one.tried >= behaviour.dnsAttempts) {
      refuse(port, one)
      return
    }
    const asked = behaviour.resolversAsked === 'one' ? [resolver] : resolvers
    one.tried += asked.length
    for (const each of asked) needs.ask(each, port, one.query)
    one.timer = clock.after(behaviour.dnsPatience, () => ask(port, one))
  }

  return {
    query(from, port, at, payload) {
      if (payload.length < 12 || waiting.size >= maxWaiting) return
      if (clock.now() < needs.opensAt()) return
      const busy = [...waiting.values()].some(({ client }) => client.to === from && client.port === port)
      if (busy && behaviour.queriesOfOnePort === 'one at a time') return
      let own = firstPort + random.int(0x10000 - firstPort)
      while (waiting.has(own)) own = firstPort + random.int(0x10000 - firstPort)
      // RFC 5452 section 4: identifier and port are hard to guess.
      const query = behaviour.dnsQuestion(payload.slice())
      if (behaviour.dnsQueryId === 'drawn') query.set(random.bytes(2))
      const client = { to: from, from: at, port, payload }
      const one: Waiting = {
        client,
        id: payload.slice(0, 2),
        query,
        first: behaviour.resolverOrder === 'in turn' ? turn++ : 0,
        tried: 0,
      }
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
      const said = behaviour.dnsAnswer(rewritten(answer, behaviour))
      if (said && behaviour.dnsAnswersAfter > 0)
        clock.after(behaviour.dnsAnswersAfter, () => needs.answer({ ...one.client, payload: said }))
      else if (said) needs.answer({ ...one.client, payload: said })
      return true
    },
  }
}

import type { Timer } from '../../time/clock.ts'
import type { Ipv6Address } from '../../wire/address.ts'
import { decodeDns } from '../../wire/dns.ts'
import type { Context } from '../context.ts'
import { answeredAs, asked } from './dns-asking.ts'
import { dnsCache } from './dns-cache.ts'
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
  /** False: the port is not open yet. */
  query(from: Ipv6Address, port: number, at: Ipv6Address, payload: Uint8Array): boolean
  /** An answer of the ISP's resolver; false where no query waits for it. */
  answered(resolver: Ipv6Address, port: number, payload: Uint8Array): boolean
}

export function dnsProxy(
  { clock, random, behavior }: Context,
  needs: {
    resolvers(): Ipv6Address[]
    /** No query is answered earlier. */
    opensAt(): number
    ask(resolver: Ipv6Address, port: number, payload: Uint8Array): void
    answer(answer: DnsAnswer): void
  },
): DnsProxy {
  const waiting = new Map<number, Waiting>()
  const cache = dnsCache(clock)

  let turn = 0
  let asking = 0

  function inOrder(first: number): Ipv6Address[] {
    const resolvers = needs.resolvers()
    if (behavior.resolverOrder === 'last first') return [...resolvers].reverse()
    const place = first % Math.max(1, resolvers.length)
    return [...resolvers.slice(place), ...resolvers.slice(0, place)]
  }

  /** RFC 1035 section 4.1.1: QR, and the code. */
  function refuse(client: DnsAnswer, how: 'nothing' | 'SERVFAIL' | 'REFUSED'): void {
    const code = { nothing: undefined, SERVFAIL: 2, REFUSED: 5 }[how]
    if (code === undefined) return
    const payload = client.payload.slice()
    payload[2] = (payload[2] as number) | 0x80
    payload[3] = 0x80 | code
    needs.answer({ ...client, payload })
  }

  function ask(port: number, one: Waiting): void {
    const resolvers = inOrder(one.first)
    const resolver = resolvers[one.tried % Math.max(1, resolvers.length)]
    if (resolver === undefined || one.tried >= behavior.dnsAttempts) {
      waiting.delete(port)
      refuse(one.client, behavior.withoutResolver)
      return
    }
    const asked = behavior.resolversAsked === 'one' ? [resolver] : resolvers
    one.tried += asked.length
    for (const each of asked) needs.ask(each, port, one.query)
    one.timer = clock.after(behavior.dnsPatience, () => ask(port, one))
  }

  return {
    query(from, port, at, payload) {
      const client = { to: from, from: at, port, payload }
      if (payload.length < 12 || waiting.size >= maxWaiting) return true
      if (clock.now() < needs.opensAt()) {
        if (behavior.beforeDnsOpens === 'REFUSED') refuse(client, 'REFUSED')
        return behavior.beforeDnsOpens !== 'port unreachable'
      }
      const known = behavior.dnsCached ? cache.answer(payload) : undefined
      if (known) {
        needs.answer({ ...client, payload: known })
        return true
      }
      const busy = [...waiting.values()].some(({ client }) => client.to === from && client.port === port)
      if (busy && behavior.queriesOfOnePort === 'one at a time') return true
      asking = (asking + 1) % (0x10000 - firstPort)
      const drawn = () => firstPort + (behavior.dnsQueryPort === 'in turn' ? asking : random.int(0x10000 - firstPort))
      let own = drawn()
      while (waiting.has(own)) own = drawn()
      // RFC 5452 section 4: identifier and port are hard to guess.
      const query = asked(behavior.dnsQuestion(payload.slice()), behavior, random)
      if (behavior.dnsQueryId === 'drawn') query.set(random.bytes(2))
      else if (behavior.dnsQueryId === 'in turn') query.set([asking >> 8, asking & 0xff])
      const one: Waiting = {
        client,
        id: payload.slice(0, 2),
        query,
        first: behavior.resolverOrder === 'in turn' ? turn++ : 0,
        tried: 0,
      }
      waiting.set(own, one)
      ask(own, one)
      return true
    },
    answered(resolver, port, payload) {
      const one = waiting.get(port)
      if (!one || !needs.resolvers().includes(resolver)) return false
      if (payload.length < 12 || payload[0] !== one.query[0] || payload[1] !== one.query[1]) return false
      one.timer?.cancel()
      waiting.delete(port)
      const answer = payload.slice()
      answer.set(one.id)
      const reply = behavior.dnsAnswer(rewritten(answeredAs(one.client.payload, answer, behavior), behavior))
      if (reply && behavior.dnsCached) cache.learn(one.client.payload, reply)
      if (!reply) return true
      const late = behavior.dnsAnswersAfter(decodeDns(reply)?.questions[0]?.type)
      if (late > 0) clock.after(late, () => needs.answer({ ...one.client, payload: reply }))
      else needs.answer({ ...one.client, payload: reply })
      return true
    },
  }
}

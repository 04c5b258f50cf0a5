import {
  type Claim,
  claim,
  type Evidence,
  type Frame,
  grace,
  inPrefix,
  type Judgement,
  type Mark,
  type Marked,
  pios,
  receiverOf,
} from 'denat'
import {
  forgedRa,
  forgeryFence,
  hasLifetime as livesMark,
  secondRouter,
  silentRouter,
} from '../scenarios/two-routers.ts'
import { hostile, zeroLength } from '../steps/hostile-advertisements.ts'
import type { Forged } from '../steps/invalid-advertisements.ts'
import { formed } from './formed.ts'

type Offer = Marked<{ mac: string; linkLocal: string; prefix: string }, never>

/** What the router did because of a forged RA: an address from its prefix, or a route by its sender. */
function traces({ wan }: Evidence, { mac, linkLocal, prefix, mark }: Offer): Frame[] {
  return wan.fromDut.all(undefined, { after: mark }).filter((frame) => {
    const { icmp6 } = frame.packet
    const target = icmp6?.type === 'neighbor-solicitation' ? icmp6.target : undefined
    return receiverOf(frame) === mac || (target !== undefined && (target === linkLocal || inPrefix(target, prefix)))
  })
}

/** The valid RAs: the router forms an address from that of the second router. */
export function believes(evidence: Evidence): void {
  const { prefix, mark } = evidence.at(secondRouter)
  evidence.given(formed(evidence, prefix, { after: mark }), 'RFC7084-WAA-1')
}

/** What shows that the router works as before after such an RA: undefined where one of them is missing. */
export function lifetimeOf({ at }: Evidence, what: string) {
  const { mark, usual, ...rest } = at(livesMark, (one) => one.what === what)
  // Older recordings have frames without names: where one is missing, the next stands in its place.
  const seen = [rest.reply, rest.probe, rest.question, rest.answer].filter((frame) => frame !== undefined)
  const has = (type: string) => seen.find(({ packet }) => packet.icmp6?.type === type)
  const [reply, answer] = [has('echo-reply'), has('neighbor-advertisement')]
  const heeded = seen.find(({ packet }) => packet.ip6?.src === '::')
  // A prefix that has expired when the router processes a batch of RAs leads to no address.
  const fleeting = usual !== undefined && pios(usual).every(({ validLifetime }) => validLifetime <= grace)
  const well = Boolean(reply && answer && (heeded || fleeting))
  return { mark, seconds: rest.seconds, control: usual ? [usual] : [], reply, answer, heeded, fleeting, well }
}

/** An RA that is sent last, because some routers fail after it. */
const last: Forged = 'option length 0'

function fenceOf({ at, given }: Evidence, what: Forged): Frame | Mark {
  if (what === last) return at(livesMark, (one) => one.what === zeroLength).mark
  return given(at(forgeryFence).answer, 'RFC7084-G-1')
}

export const isIgnored =
  (what: Forged, how: Claim): Judgement =>
  (evidence) => {
    const { judge, assume, at } = evidence
    at(silentRouter)
    const offer = at(forgedRa, (one) => one.what === what)
    const before = what === last && hostile[hostile.indexOf(zeroLength) - 1]
    if (before) assume(lifetimeOf(evidence, before).well, 'ROB-FUZZ-RA')
    believes(evidence)
    judge.absent(
      traces(evidence, offer),
      claim`${how} is ignored: no address is formed from it, and nothing goes by its sender.`,
      { fence: fenceOf(evidence, what), since: offer.mark },
    )
  }

export const namesOf = <T extends object>(table: T) => Object.keys(table) as (keyof T)[]

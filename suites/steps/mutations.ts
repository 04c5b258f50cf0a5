import { type Bench, type Dhcpv6Message, encodeDhcpv6, flawed, markOf, option, z } from 'denat'
import { type Ia, type Lifetimes, lease, type Option, statusCode, without } from './answers.ts'

const about = z.enum(['Advertise', 'Reply'])
type About = z.infer<typeof about>

/** Its frames are the mutants of an answer, and `forged` is the prefix that they hold. */
export const mutantAnswers = markOf('mutants', { data: { about, forged: z.string() } })

type Dice = Bench['random']

/** What no client may use, and the name of the IA that contains it. */
export interface Forged {
  prefix: string
  iaid: number
  /** Of a prefix that cannot be one: where they are valid, its length alone is wrong. */
  lifetimes: Lifetimes
}

/** RFC 8415 section 21.22: such a lease is discarded, also by a client that reads it. */
export const unusable: Lifetimes = { preferred: 300, valid: 200 }
const usable: Lifetimes = { preferred: 300, valid: 600 }

const holding = ({ iaid }: Forged, ...options: Option[]): Ia => ({ type: 'ia-pd', iaid, t1: 0, t2: 0, options })
const forgedIa = (forged: Forged, lifetimes: Lifetimes = unusable): Ia =>
  holding(forged, lease(forged.prefix, lifetimes))

/** Option code and length, RFC 8415 section 21.1; IAID, T1 and T2, section 21.21. */
const optionHeader = 4
const iaHeader = optionHeader + 12
/** The lifetimes of an IA Prefix stand before its length in bits, section 21.22. */
const bitsAt = iaHeader + optionHeader + 8

/** Octets of options, to be spoilt. */
const octetsOf = (...options: Option[]): Uint8Array =>
  encodeDhcpv6({ type: 'reply', transactionId: 0, options }).slice(optionHeader)

const spoilt = (data: Uint8Array): Option[] => [{ type: 'malformed', data }]

/** The option that starts at an octet has another length than its length field. */
function wrongLength(octets: Uint8Array, start: number, dice: Dice): Option[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  const length = view.getUint16(start + 2)
  view.setUint16(start + 2, dice.pick([0, 1, length - 1, length + 1, 2 * length, 0x7fff, 0xffff]))
  return spoilt(octets)
}

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))
const noise = (dice: Dice, count: number): Uint8Array => Uint8Array.from(times(count, () => dice.int(256)))

/** Options that stand behind valid identifiers, by what is wrong with them. None contains a lease that may be used. */
export const mutations: Record<string, (forged: Forged, dice: Dice) => Option[]> = {
  'IA cut short': (forged, dice) => {
    const octets = octetsOf(forgedIa(forged))
    return spoilt(octets.slice(0, 1 + dice.int(octets.length - 1)))
  },
  'IA of another length': (forged, dice) => wrongLength(octetsOf(forgedIa(forged)), 0, dice),
  'lease of another length': (forged, dice) => wrongLength(octetsOf(forgedIa(forged)), iaHeader, dice),
  'prefix of more than 128 bits': (forged, dice) => {
    const octets = octetsOf(forgedIa(forged, forged.lifetimes))
    octets[bitsAt] = 129 + dice.int(127)
    return spoilt(octets)
  },
  'prefix of 0 bits': (forged) => {
    const octets = octetsOf(forgedIa(forged, forged.lifetimes))
    octets[bitsAt] = 0
    return spoilt(octets)
  },
  'IA in IA in IA': (forged, dice) =>
    times(2 + dice.int(28), (n) => n).reduce((inner) => [holding(forged, ...inner)], [forgedIa(forged)] as Option[]),
  'the same IAID again and again': (forged, dice) => times(2 + dice.int(7), () => forgedIa(forged)),
  'too short for an IA': (_, dice) => [3, 25].map((type) => ({ type, data: noise(dice, dice.int(12)) })),
  'status of less than two octets': (forged, dice) => [
    holding(forged, { type: 13, data: new Uint8Array(dice.int(2)) }),
    { type: 13, data: new Uint8Array(dice.int(2)) },
  ],
  'names without end and addresses cut short': (forged, dice) => [
    { type: 24, data: Uint8Array.of(dice.pick([1, 63, 64, 0xc0, 0xff]), 0) },
    { type: 23, data: noise(dice, 1 + dice.int(15)) },
    holding(forged, statusCode(7 + dice.int(0xff00))),
  ],
  'unknown options': (_, dice) =>
    times(1 + dice.int(150), () => ({ type: 1000 + dice.int(60_000), data: noise(dice, dice.int(3)) })),
}

/** This number of each kind, in an order of their own. */
const each = 3

/** Mutants of a message that is valid by itself, in the order in which they are sent. */
export function mutantsOf(
  valid: Dhcpv6Message,
  forged: Forged,
  dice: Dice,
): { name: string; message: Dhcpv6Message }[] {
  return times(each, () => Object.entries(mutations))
    .flat()
    .map(([name, mutate]) => ({
      name,
      message: { ...valid, options: [...valid.options, ...mutate(forged, dice)] },
    }))
}

/** What a capture shows for a mutant. */
export const mutantComment = (about: string, name: string): string =>
  name === 'unknown options' ? `${about}: ${name}` : flawed(`${about}: ${name}`)

/** Sends mutants of an answer of the ISP's, of the same transaction, to the router. Marks `mutants`. */
export function sendMutants(
  { isp, mark, random }: Pick<Bench, 'isp' | 'mark' | 'random'>,
  about: About,
  usual: Dhcpv6Message,
  prefix: string,
): void {
  const iaid = option(usual, 'ia-pd')?.iaid
  if (iaid === undefined) throw new TypeError('mutants are made of an answer that has an IA_PD')
  const valid = without(usual, 'ia-na', 'ia-pd', 'dns-servers', 'domain-list')
  // RFC 8415 section 18.2.9: an Advertise without any lease that may be used is ignored.
  const lifetimes = about === 'Advertise' ? unusable : usable
  const frames = mutantsOf(valid, { prefix, iaid, lifetimes }, random).map(({ name, message }) =>
    isp.send(
      { ip6: { dst: isp.customer()?.linkLocal }, udp: { srcPort: 547, dstPort: 546 }, dhcp6: message },
      mutantComment(about, name),
    ),
  )
  mark(mutantAnswers, { about, forged: prefix }, {}, frames)
}

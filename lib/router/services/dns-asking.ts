import type { Seeded } from '../../time/seed.ts'
import type { Behavior } from '../behavior.ts'

type Asking = Pick<Behavior, 'dnsCaseMixed' | 'dnsOwnOpt'>

const header = 12
/** RFC 6891 section 6.1.2: the root, type 41, 512 octets, nothing else. */
const opt = Uint8Array.of(0, 0, 41, 2, 0, 0, 0, 0, 0, 0, 0)

/** Where the name of the first question ends. */
function nameEnd(message: Uint8Array): number {
  let at = header
  while (at < message.length && (message[at] as number) > 0 && (message[at] as number) < 64)
    at += 1 + (message[at] as number)
  return at
}

const additional = (message: Uint8Array): number => ((message[10] as number) << 8) | (message[11] as number)

/** What the ISP's resolver is asked in a host's stead: the same question, put as this router likes to. */
export function asked(query: Uint8Array, { dnsCaseMixed, dnsOwnOpt }: Asking, random: Seeded): Uint8Array {
  const own = dnsOwnOpt && additional(query) === 0 ? new Uint8Array(query.length + opt.length) : query.slice()
  own.set(query)
  if (own.length > query.length) {
    own.set(opt, query.length)
    own[11] = 1
  }
  // RFC 4343 section 3: letters are compared without regard to case.
  if (dnsCaseMixed)
    for (let at = header; at < nameEnd(query); at++) {
      const isLetter = /[a-z]/i.test(String.fromCharCode(own[at] as number))
      if (isLetter && random.int(2) === 1) own[at] = (own[at] as number) ^ 0x20
    }
  return own
}

/** What the host is answered: its own question, and no OPT record where it sent none (RFC 6891 section 6.1.1). */
export function answeredAs(query: Uint8Array, answer: Uint8Array, { dnsCaseMixed, dnsOwnOpt }: Asking): Uint8Array {
  const end = nameEnd(query)
  const own = answer.slice()
  if (dnsCaseMixed && own.length >= end) own.set(query.subarray(header, end), header)
  const tail = own.length - opt.length
  const hasOpt = tail > end && own[tail] === 0 && own[tail + 1] === 0 && own[tail + 2] === 41
  if (!dnsOwnOpt || additional(query) > 0 || !hasOpt) return own
  own[11] = additional(own) - 1
  return own.subarray(0, tail)
}

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { captureFault, mutateCapture, sampleCaptures } from '../../recording/fuzz/mutate-capture.ts'
import { framesIn } from '../../recording/read-capture.ts'
import { seeded } from '../../time/seed.ts'
import { encode } from '../encode.ts'
import { OURS } from '../golden-ours.ts'
import { hex, octets, SAMPLES } from '../testing.ts'
import { fault } from './check.ts'
import { corpusOf } from './corpus.ts'
import { lengthFields } from './length-fields.ts'
import { minimal } from './minimal.ts'

const golden = new URL('../golden/', import.meta.url)
const captured = readdirSync(golden)
  .filter((file) => file.endsWith('.pcap'))
  .flatMap((file) => framesIn(readFileSync(new URL(file, golden))))
const seeds = [...captured, ...Object.values({ ...SAMPLES, ...OURS }).map(encode)]

/** `npm run fuzz` goes on from here, with a seed of its own and for as long as it is told to. */
test.each(['1', '2', '3'])('hostile frames of seed %s are read, given back, described and compared', (seed) => {
  const corpus = corpusOf(seeds)
  const dice = seeded(seed)
  for (let i = 0; i < 700; i++) {
    const frame = corpus.next(dice)
    expect(fault(frame), Buffer.from(frame).toString('hex')).toBeUndefined()
    corpus.keep(frame)
  }
  expect(corpus.frames.length).toBeGreaterThan(seeds.length + 100)
})

test('hostile captures are read, or refused with an error of their reader', () => {
  const captures = sampleCaptures(captured.slice(0, 8))
  const dice = seeded('1')
  for (let i = 0; i < 3000; i++) {
    const file = mutateCapture(dice.pick(captures), dice)
    expect(captureFault(file), Buffer.from(file).toString('hex')).toBeUndefined()
  }
})

/** What `npm run fuzz` finds becomes a row; and what it would be a pity to find again. */
const KEPT: [name: string, frame: string][] = [
  ['a frame of nothing', ''],
  ['the longest names that pointers give', hexOf(namesake(190))],
  ['pointers from record to record', hexOf(chain())],
]

test.each(KEPT)('%s', (_name, frame) => {
  expect(fault(octets(frame))).toBeUndefined()
})

function hexOf(dns: number[]): string {
  const eth = { src: '02:de:4a:00:00:01', dst: '02:de:4a:00:00:02' }
  const ip6 = { src: '2001:db8::1', dst: '2001:db8::2' }
  return hex(encode({ eth, ip6, udp: { srcPort: 53, dstPort: 40000 }, payload: Uint8Array.from(dns) }))
}

/** As many CNAME records of two octets as fit: each of them, and what it holds, is the question's long name. */
function namesake(length: number): number[] {
  const name = [...Array.from({ length: Math.ceil(length / 64) }, () => [63, ...Array(63).fill(0x61)]).flat(), 0]
  const count = Math.floor((4096 - 12 - name.length - 4) / 14)
  const record = [0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 0, 0, 2, 0xc0, 12]
  const records = Array.from({ length: count }, () => record).flat()
  return [0, 1, 0x80, 0, 0, 1, count >> 8, count & 255, 0, 0, 0, 0, ...name, 0, 28, 0, 1, ...records]
}

/** Each name is a label and a pointer to the name before it. */
function chain(): number[] {
  const records: number[] = []
  let count = 0
  for (let before = 0; records.length < 4060; count++) {
    const at = 12 + records.length
    const name = before === 0 ? [1, 0x61, 0] : [1, 0x61, 0xc0 | (before >> 8), before & 255]
    records.push(...name, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4)
    before = at
  }
  return [0, 1, 0x80, 0, 0, 0, count >> 8, count & 255, 0, 0, 0, 0, ...records]
}

test('the lengths that are lied about are found apart from the decoder', () => {
  const at = (name: string) => lengthFields(encode({ ...SAMPLES, ...OURS }[name] ?? {})).map((field) => field.at)
  // Payload length, Hop-by-Hop length, router alert and padding, count of records, auxiliary and source count.
  expect(at('MLDv2 report')).toEqual([18, 55, 57, 61, 68, 71, 72])
  expect(at('RS')).toEqual([18, 63])
  // Client and server id, IA_NA with address and its status, its own status.
  expect(at('Decline')).toEqual([18, 58, 68, 82, 104, 120, 148, 161])
  expect(at('DNS query')).toEqual([18, 58, 66, 68, 70, 72])
  expect(at('ARP for InfiniBand')).toEqual([18, 19])
  // Options and AH of IPv4: the route and its pointer, then UDP; the header's length, then UDP.
  expect(at('IPv4 loose source route')).toEqual([14, 16, 20, 36, 37, 50])
  expect(at('AH over IPv4')).toEqual([14, 16, 20, 35, 62])
  expect(at('AH over IPv6')).toEqual([18, 55, 57, 63, 98])
  // Behind a tag; PPPoE and what it carries; tags of PPPoE; a control packet and its options.
  expect(at('customer VLAN')).toEqual([22])
  expect(at('PPPoE session, IPv4')).toEqual([18, 22, 24, 28, 46])
  expect(at('PADI')).toEqual([18, 22, 26, 34])
  expect(at('IPCP Configure-Nak')).toEqual([18, 24, 27, 33, 39])
  // Options, then sname and file.
  expect(at('DHCPv4 Offer with options in file and sname')).toEqual([14, 16, 20, 38, 283, 286, 292, 87, 151])
  // User Class with two classes, Vendor Class with one.
  expect(at('Reply with every option')).toEqual(expect.arrayContaining([275, 277, 281, 286, 292]))
})

test('a find is made short', () => {
  const frame = octets(`${'11'.repeat(50)} 2a ${'22'.repeat(30)}`)
  expect(minimal(frame, (one) => one.includes(0x2a))).toEqual(octets('2a'))
})

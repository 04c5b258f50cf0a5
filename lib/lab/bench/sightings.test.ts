import { expect, test } from 'vitest'
import type { Tape } from '../../recording/tape.ts'
import { frame } from '../../suite/testing.ts'
import { dutOn, onTheWire } from './sightings.ts'
import type { Waits } from './waits.ts'

test('a packet is known by its addresses, however they were written', async () => {
  const packet = { ip6: { src: '::20.0.0.9', dst: '::ffff:20.0.0.9' }, udp: { srcPort: 1, dstPort: 2 } }
  const sent = frame(1, 'lan0', 'bench', packet)
  const nobodyWaits = {} as Waits
  expect(await onTheWire(nobodyWaits, sent, packet)).toBe(sent)
})

test('the DUT is known by its Neighbor Discovery, not by what else it sends from another address', () => {
  const ns = { type: 'neighbor-solicitation' as const, target: 'fe80::9', options: [] }
  const frames = [
    frame(1, 'wan0', 'dut', { ip6: { src: 'fe80::1', dst: 'ff02::1:ff00:9' }, icmp6: ns }),
    frame(2, 'wan0', 'dut', { ip6: { src: 'fe80::bad', dst: 'ff02::fb' }, udp: { srcPort: 5353, dstPort: 5353 } }),
  ]
  expect(dutOn({ frames } as unknown as Tape, 'wan0', () => false)()?.linkLocal).toBe('fe80::1')
  expect(dutOn({ frames: frames.slice(1) } as unknown as Tape, 'wan0', () => false)()?.linkLocal).toBe('fe80::bad')
})

import { expect, test } from 'vitest'
import { frame } from '../suite/fixture.ts'
import { onTheWire } from './sightings.ts'
import type { Waits } from './waits.ts'

test('a packet is known by its addresses, however they were written', async () => {
  const packet = { ip6: { src: '::20.0.0.9', dst: '::ffff:20.0.0.9' }, udp: { srcPort: 1, dstPort: 2 } }
  const sent = frame(1, 'lan0', 'bench', packet)
  const nobodyWaits = {} as Waits
  expect(await onTheWire(nobodyWaits, sent, packet)).toBe(sent)
})

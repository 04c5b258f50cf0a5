import { expect, test } from 'vitest'
import { bootMacs } from '../lab/bench/boot-macs.ts'
import { frame } from '../suite/testing.ts'
import type { PacketInit } from '../wire/packet.ts'
import { strangers } from './strangers.ts'

const [router, further, phone] = ['a4:83:e7:00:00:01', 'a4:83:e7:00:00:02', 'a4:83:e7:99:99:99'] as const
const from = (number: number, src: string, packet: PacketInit) =>
  frame(number, 'lan0', 'dut', { ...packet, eth: { src, dst: '33:33:00:00:00:01', ...packet.eth } })
const advertisement: PacketInit = { ip6: { src: 'fe80::1', dst: 'ff02::1' }, icmp6: { type: 'router-advertisement' } }
const question: PacketInit = { ip6: { src: 'fe80::2', dst: 'ff02::2' }, icmp6: { type: 'router-solicitation' } }
const frames = [from(1, router, advertisement), from(2, further, question), from(3, phone, question)]
const isFar = () => false

test('a phone of the same maker is a stranger where it did not speak while the router booted', () => {
  expect(strangers(frames, isFar)).toEqual(new Set())
  expect(strangers(frames, isFar, { atBoot: [router, further] })).toEqual(new Set([phone]))
})

test('the MACs that are stated are all that it has, whoever else advertises', () => {
  const speaker = from(4, '54:3a:d6:00:00:01', advertisement)
  expect(strangers([...frames, speaker], isFar, { atBoot: [router, further] })).toEqual(new Set([phone]))
  expect(strangers([...frames, speaker], isFar, { stated: [router, further] })).toEqual(
    new Set([phone, '54:3a:d6:00:00:01']),
  )
})

test('the MACs of the boot are those heard on the LAN soon after a start', () => {
  const on = { at: 1.5, mark: 'power-on', number: 1 }
  expect(bootMacs(frames, [], 30)).toBeUndefined()
  const [, second, third] = frames.map(({ at }) => at) as [number, number, number]
  expect(bootMacs(frames, [{ ...on, at: second }], (third - second) / 2)).toEqual([further])
})

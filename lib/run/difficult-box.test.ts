import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { carrierAfter, forwardsAfter, stranger } from '../lab/cables/difficult-box.ts'
import { readLab } from '../lab/lab-file.ts'
import { type MemoryLabOptions, openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import { strangersTalk } from '../recording/strangers-talk.ts'
import type { Result } from '../suite/verdict.ts'
import { linkLocalOf, multicastMac } from '../wire/address.ts'
import { encode } from '../wire/encode.ts'
import { judgeRecording, settled } from './judge.ts'
import { play } from './record.ts'
import { loadSuites } from './suites.ts'

const labFile = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))
const suites = await loadSuites()
const device = { ...referenceDevice, boot: 30, apply: 10 }
const names = ['cold-boot', 'silent-server', 'release', 'web-ui-firewall']

/** Verdicts of the reference router in these difficulties, by requirement and case. */
async function played(difficulty: Partial<MemoryLabOptions>): Promise<Map<string, Result>> {
  const results: Result[] = []
  for (const name of names) {
    const scenario = suites.scenarios.get(name)
    if (!scenario) throw new TypeError(`no scenario ${name}`)
    const lab = openMemoryLab(labFile, { seed: 'reference', ...difficulty })
    const { recording } = await play({ lab, labFile, device, seed: 'reference', profile: 'default', scenario })
    lab.close()
    results.push(...judgeRecording(recording, suites))
  }
  return new Map(settled(results).map((one) => [`${one.scenario} ${one.requirement} ${one.case}`, one]))
}

let plain: Map<string, Result>
beforeAll(async () => {
  plain = await played({})
})

/** Requirements with a verdict about the router, other than pass, that the plain lab does not give. */
async function blamedFor(difficulty: Partial<MemoryLabOptions>): Promise<string[]> {
  const blamed = [...(await played(difficulty))].filter(
    ([key, { verdict }]) => ['fail', 'warn'].includes(verdict) && plain.get(key)?.verdict !== verdict,
  )
  return [...new Set(blamed.map(([, { requirement }]) => requirement))].sort()
}

const phone = stranger('lan0', strangersTalk.map(encode))
const other = '54:3a:d6:0b:77:9e'
const foreignRa = encode({
  eth: { src: other, dst: multicastMac('ff02::1') },
  ip6: { src: linkLocalOf(other), dst: 'ff02::1', hopLimit: 255 },
  icmp6: {
    type: 'router-advertisement',
    hopLimit: 64,
    managed: false,
    other: false,
    routerLifetime: 1800,
    reachableTime: 0,
    retransTimer: 0,
    options: [{ type: 'source-link-layer', mac: other }],
  },
})

test.each<[string, Partial<MemoryLabOptions>]>([
  ['whose ports have carrier 5 s late', { box: carrierAfter(5) }],
  ['behind a switch that forwards 3 s late', { box: forwardsAfter(3) }],
  ['with a phone on its Wi-Fi', { box: phone }],
  ['next to another router', { box: stranger('lan0', [foreignRa]) }],
  ['that is silent for 25 s after power', { behavior: { bootTime: 25 } }],
  ['whose ports lose carrier at each setting', { behavior: { portsFlickerAtSettings: true } }],
])('a router %s is not blamed', async (_, difficulty) => {
  expect(await blamedFor(difficulty)).toEqual([])
})

test('a router that bridges WAN and LAN while it boots is blamed for that alone', async () => {
  expect(await blamedFor({ behavior: { portsBridgedAtBoot: true } })).toEqual(['DENAT-WAN-BRIDGED'])
})

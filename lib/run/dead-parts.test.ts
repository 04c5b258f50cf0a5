import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import { render } from '../say/render.ts'
import type { Result } from '../suite/verdict.ts'
import { decode } from '../wire/decode.ts'
import type { Packet } from '../wire/packet.ts'
import { judgeRecording } from './judge.ts'
import type { Mutant } from './kill-matrix.ts'
import { play } from './record.ts'
import { loadSuites } from './suites.ts'

/** What a part of the router must not do proves nothing where the part does nothing at all: it is blocked. */
interface DeadPart {
  part: string
  scenario: string
  behavior: Mutant['behavior']
  /** What the part must not do: by requirement where all of its cases on this scenario say so, or `ID · case`. */
  negative: string[]
}

/** Says nothing of this kind. */
const without = (fits: (packet: Packet, port: string) => boolean): Mutant['behavior'] => ({
  tap: (frame, port) => (fits(decode(frame), port) ? undefined : frame),
})
const isLan = (port: string) => !port.startsWith('wan')
/** What the router itself sends begins with one of these; what it passes on has lost a hop. */
const initialHopLimits = [1, 64, 255]

const dead: DeadPart[] = [
  {
    part: 'Reconfigure',
    scenario: 'reconfigure',
    behavior: { reconfigureLeadsTo: () => undefined },
    negative: ['RFC8415-16.11-RECONF-BAD'],
  },
  {
    part: 'DNS proxy',
    scenario: 'firewall',
    behavior: without(({ udp, tcp }, port) => isLan(port) && (udp?.srcPort === 53 || tcp?.srcPort === 53)),
    negative: ['RFC6092-REC-8'],
  },
  {
    part: 'LAN DHCPv6',
    scenario: 'lan-services',
    behavior: without(({ udp }, port) => isLan(port) && udp?.dstPort === 546),
    negative: ['RFC8415-16-SRV-VALID', 'RFC8415-18.3.1-MULTICAST', 'RFC6092-REC-9'],
  },
  {
    part: 'RA',
    scenario: 'lan-services',
    behavior: without(({ icmp6 }, port) => isLan(port) && icmp6?.type === 'router-advertisement'),
    negative: ['RFC4861-6.1.1-RSVALID'],
  },
  {
    part: 'forwarding',
    scenario: 'firewall',
    behavior: without(({ ip6 }) => ip6 !== undefined && !initialHopLimits.includes(ip6.hopLimit)),
    negative: ['RFC6092-REC-1', 'RFC6092-REC-2', 'RFC6092-REC-3', 'RFC6092-REC-6', 'RFC6092-REC-34'],
  },
  ...Object.entries({
    'two-routers': ['RFC6980-5-NDFRAG · NS'],
    'duplicate-address': ['RFC8415-18.2.8-DECLINE · address unused'],
    'duplicate-addresses': ['RFC4862-5.4-DAD · WAN address', 'RFC4862-5.4-DAD · LAN address'],
    'mixed-answers': ['RFC8415-18.2.10-ZEROLIFE · address gone'],
    'no-prefix-yet': ['RFC8415-18.2.10-NOTONLINK · address unused'],
    renumbering: ['RFC8415-18.2.5-EXPIRE · address ends'],
    'lan-services': ['RFC7084-G-2 · unassigned address of the WAN link'],
  }).map(
    ([scenario, negative]): DeadPart => ({
      part: 'ND answers',
      scenario,
      behavior: without(({ icmp6 }) => icmp6?.type === 'neighbor-advertisement'),
      negative,
    }),
  ),
  ...Object.entries({
    'web-ui-firewall': [
      'UI-FW-TOGGLE · pinhole lets in nothing else',
      'UI-FW-TOGGLE · pinhole closed',
      'UI-FW-TOGGLE · firewall on again',
    ],
    'web-ui-ipv6-switch': ['RFC7084-L-7 · A=1 L=1', 'RFC7084-ULA-3 · former one'],
  }).map(
    ([scenario, negative]): DeadPart => ({
      part: 'page',
      scenario,
      behavior: {
        firewallSwitch: 'stays on',
        pinholes: 'ignored',
        ipv6SwitchWorks: false,
        prefixFlagsTaken: (_, before) => before,
        ulaSetting: 'ignored',
      },
      negative,
    }),
  ),
]

const suites = await loadSuites()
const { scenarios } = suites
const labFile = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))
const seed = 'reference'

async function judged({ scenario, negative }: DeadPart, behavior: Mutant['behavior']): Promise<Result[]> {
  const lab = openMemoryLab(labFile, { seed, behavior })
  const found = scenarios.get(scenario)
  if (!found) throw new TypeError(`no scenario ${scenario}`)
  const options = { lab, labFile, device: referenceDevice, seed, profile: 'default', scenario: found } as const
  const { recording } = await play(options)
  lab.close()
  return judgeRecording(recording, suites).filter((result) => negative.some((key) => isOf(result, key)))
}

const isOf = ({ requirement, case: name }: Result, key: string): boolean =>
  key === requirement || key === `${requirement} · ${name}`

const lineOf = ({ requirement, case: name, verdict, because }: Result) =>
  `${verdict} ${requirement} ${name}: ${render(because)}`

test.each(dead.map((one) => [one.part, one.scenario, one] as const))(
  'without %s nothing passes that it must not do (%s)',
  async (_, __, one) => {
    const alive = await judged(one, {})
    const missing = one.negative.filter((key) => !alive.some((result) => isOf(result, key)))
    expect(missing).toEqual([])
    const passed = (await judged(one, one.behavior)).filter(({ verdict }) => verdict === 'pass')
    expect(passed.map(lineOf)).toEqual([])
  },
)

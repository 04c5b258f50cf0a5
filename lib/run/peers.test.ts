import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { openPeerLab } from '../lab/peer-lab.ts'
import { render } from '../say/render.ts'
import type { Result } from '../suite/verdict.ts'
import { keyOf } from '../suite/verdict.ts'
import { judgeRecording } from './judge.ts'
import { play } from './record.ts'
import { loadSuites } from './suites.ts'

/** Files of the catalogue that are asked of the bench's own nodes: what clients, hosts, RAs and servers do. */
const areas = ['wan-ra', 'wan-link', 'wan-dhcpv6', 'wan-pd', 'lan-ra', 'lan-dhcpv6', 'icmpv6', 'robustness']

/** What is not asked of them, by reason: an id stands for all of its cases. */
const leftOut: Record<string, string[]> = {
  'a router in one piece sends errors about what it forwards; these two nodes only hand packets on': [
    'RFC4443-2.4c-QUOTE',
    'RFC4443-2.4e-NOERR',
    'RFC4443-2.4f-RATE',
    'RFC4443-3.1-NOROUTE',
    'RFC4443-3.3-TIMEEX',
    'RFC7084-WPD-5a',
    'RFC4861-6.3.4-MTU · 1400',
  ],
  'a router in one piece tells its LAN of its line; the ISP serves the LAN by fixed parameters': [
    'RFC7084-G-4 · after it is gone',
    'RFC7084-G-5',
    'RFC7084-L-12',
    'RFC7084-WAA-4 · servers asked',
    'RFC8415-18.2.10-OPTGONE',
    'RFC8415-18.2.5-EXPIRE · prefix ends',
    'RFC8415-18.3.4-RENEW · lifetimes within the WAN lease',
    'RFC8415-7.7-INFINITY',
    'DENAT-RA-REFRESH',
  ],
  'an ISP has one customer on its line, who is given all that there is': ['DENAT-LEASED-ONCE'],
  'the LAN is numbered from one prefix at a time': [
    'RFC8415-18.2.10-ONLAN',
    'RFC8415-MULTI-IAPREFIX',
    'RFC8415-18.2.10-LEAVEOUT · one of two prefixes',
    'RFC8415-21.22-PREFGTVALID · the IA Prefix beside it',
  ],
  'an ISP’s router has been there for long, and stays; its RAs need no RDNSS and no Route Information': [
    'RFC4861-6.2.5-SHUTDOWN',
    'RFC7084-L-11',
    'RFC7084-L-3',
    'RFC7772-5-RARATE',
  ],
  'a scenario wants to see what a router does with packets, also one that said that it is none any more': [
    'RFC7084-W-3',
  ],
  'the client asks for what scenarios need, and not for PD_EXCLUDE or its old prefix': [
    'RFC7084-WPD-8',
    'RFC8168-3-HINTKEEP',
  ],
  'scenarios send the routers of the bench plain echo requests: they put nothing together and report no unknown header':
    ['RFC8200-5-OWNFRAGMENTS', 'RFC8200-4.2-OWNOPTIONS', 'RFC8200-4-OWNNEXTHEADER'],
  'none numbers the WAN out of the delegated prefix': ['RFC7084-WAA-7'],
  'an announcement of new addresses is a SHOULD that few hosts follow': ['RFC9131-6.1.2'],
}

/** What is judged on them. An id that is not here any more says nothing of the bench. */
const held = `
  RFC4191-2.2-PREF RFC4861-4.2-RASOURCE RFC4861-6.1.1-RSVALID RFC4861-6.2.1-VALUES RFC4861-6.2.4-INTERVAL
  RFC4861-6.2.6-RSRATE RFC4861-6.3.4-MTU RFC4861-6.3.4-RA-VALID RFC4861-6.3.6-NUD-ROUTER RFC4861-6.3.7-RS
  RFC6092-REC-9 RFC6980-5-NDFRAG RFC7084-G-2 RFC7084-G-4 RFC7084-G-5 RFC7084-L-1 RFC7084-L-10 RFC7084-L-12
  RFC7084-L-2 RFC7084-L-4 RFC7084-L-5 RFC7084-L-6 RFC7084-L-8 RFC7084-L-9 RFC7084-W-1 RFC7084-W-2 RFC7084-W-4
  RFC7084-W-5 RFC7084-WAA-1 RFC7084-WAA-2 RFC7084-WAA-3 RFC7084-WAA-4 RFC7084-WAA-6 RFC7084-WAA-8 RFC7084-WLL-1
  RFC7084-WPD-1 RFC7084-WPD-3 RFC7084-WPD-4 RFC7084-WPD-5 RFC7084-WPD-6 RFC7084-WPD-7 RFC8201-PTB-PASS
  RFC8415-11-SRV-DUID RFC8415-14.1-RATE RFC8415-14.2-T1ZERO RFC8415-16-SRV-VALID RFC8415-16.11-RECONF-BAD
  RFC8415-16.3-ADV-INVALID RFC8415-18.2.1-COLLECT RFC8415-18.2.1-SOLICIT RFC8415-18.2.10-LEAVEOUT
  RFC8415-18.2.10-NOBINDING RFC8415-18.2.10-NOPREFIX RFC8415-18.2.10-NOTONLINK RFC8415-18.2.10-UNSPEC
  RFC8415-18.2.10-USEMCAST RFC8415-18.2.10-ZEROLIFE RFC8415-18.2.11-RECONF RFC8415-18.2.12-REBOOT
  RFC8415-18.2.2-REQUEST RFC8415-18.2.4-RENEW RFC8415-18.2.5-EXPIRE RFC8415-18.2.5-REBIND
  RFC8415-18.2.8-DECLINE RFC8415-18.2.9-EMPTYADV RFC8415-18.3.1-MULTICAST RFC8415-18.3.3-CONFIRM
  RFC8415-18.3.4-RENEW RFC8415-18.3.8-DECLINE RFC8415-21.13-SUCCESS RFC8415-21.21-T1GTT2
  RFC8415-21.22-LEASESTATUS RFC8415-21.22-PREFGTVALID RFC8415-21.24-SOLMAXRT RFC8415-7.7-INFINITY
  RFC9096-WPD-10 RFC9096-WPD-9 RFC9915-OBSOLETE ROB-FLAP ROB-FUZZ-DHCP6 ROB-FUZZ-RA ROB-NDCACHE ROB-ORDER
`
  .trim()
  .split(/\s+/)

const suites = await loadSuites()
const { scenarios } = suites
const labFile = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))
const device = {
  facts: { name: 'nodes of the bench', role: 'gateway' as const, capabilities: [], lacks: [] },
  boot: 6,
  reset: 6,
  apply: 5,
}
const left = Object.values(leftOut).flat()
const isLeftOut = (result: Result) => left.includes(result.requirement) || left.includes(keyOf(result))
const isAsked = (id: string) => areas.includes(suites.entries.get(id)?.area ?? '')
/** Blocked by what is not asked of them; without a delegated prefix they have no LAN. */
const isExcused = ({ cause, blockedBy = '' }: Result) =>
  cause === 'blocked' &&
  (blockedBy === 'RFC7084-L-1' || !isAsked(blockedBy) || left.some((key) => key.split(' · ')[0] === blockedBy))

const lineOf = (result: Result) => `${result.verdict} ${keyOf(result)} on ${result.scenario}: ${render(result.because)}`

describe('the nodes of the bench, judged by what they ask of others', () => {
  const results: Result[] = []

  beforeAll(async () => {
    for (const scenario of scenarios.values()) {
      if (scenario.webUi) continue
      const lab = openPeerLab(labFile, { seed: 'peers' })
      const { recording } = await play({ lab, labFile, device, seed: 'peers', profile: 'default', scenario })
      lab.close()
      results.push(...judgeRecording(recording, suites).filter(({ requirement }) => isAsked(requirement)))
    }
  }, 120_000)

  test('nothing that is asked of them fails', () => {
    const wrong = results.filter(
      (result) =>
        result.verdict !== 'pass' && result.verdict !== 'not-applicable' && !isLeftOut(result) && !isExcused(result),
    )
    expect(wrong.map(lineOf)).toEqual([])
  })

  test('what is judged on them is held', () => {
    const passed = new Set(results.filter(({ verdict }) => verdict === 'pass').map(({ requirement }) => requirement))
    expect(held.filter((id) => !passed.has(id))).toEqual([])
    expect(held.length).toBeGreaterThan(80)
  })

  test('nothing is left out that holds', () => {
    const failing = new Set(results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable'))
    const keys = new Set([...failing].flatMap((result) => [result.requirement, keyOf(result)]))
    expect(left.filter((key) => !keys.has(key))).toEqual([])
  })
})

import { expect, test } from 'vitest'
import { formatAddress, formatPrefix, parseAddress, parsePrefix } from './address.mjs'
import { birdConfig } from './bird.mjs'
import { delegatedPrefixes, downstreamLeases, parseEnvironment, services, timeServers } from './events.mjs'
import { firewallRules, pinholeAddresses, pinholeFor } from './firewall.mjs'
import { keaConfig } from './kea.mjs'
import { announce, makePlan, subnets, takeAnswer } from './plan.mjs'

const given = (text: string, preferred: number, valid: number) => ({ prefix: parsePrefix(text), preferred, valid })
const lans = ['lan0', 'lan1']
const ula = parsePrefix('fd01:2:3::/48')
const flags = { onLink: true, autonomous: false }
const base = { lans, ula, announced: [], withdrawn: [], settled: true }

test.each(['::', '::1', '1::', 'fe80::1:0:0:1', '1:0:0:2::3', '1:2:3:4:5:6:7:8', '0:0:1::', '10:0:0:100::'])(
  '%s reads back',
  (text) => {
    expect(formatAddress(parseAddress(text))).toBe(text)
  },
)

test.each([
  ['2a0a::/56', ['2a0a::/64', '2a0a:0:0:1::/64'], 7],
  ['2a0a::/63', ['2a0a::/64', '2a0a:0:0:1::/64'], 0],
  ['2a0a::/64', ['2a0a::/64'], 0],
  ['2a0a::/48', ['2a0a::/64', '2a0a:0:0:1::/64'], 15],
])('%s is shared out', (text, links, blocks) => {
  const shares = subnets(parsePrefix(text), 2)
  expect(shares.links.map(formatPrefix)).toEqual(links)
  expect(shares.rest).toHaveLength(blocks)
})

test('all of a /60 is given out: 16 networks of which two are the LANs, and none is an excluded one', () => {
  const size = (rest: { length: number }[]) => rest.reduce((sum, block) => sum + 2 ** (64 - block.length), 0)
  expect(size(subnets(parsePrefix('2a0a::/60'), 2).rest)).toBe(14)
  const shares = subnets({ ...parsePrefix('2a0a::/60'), exclude: parsePrefix('2a0a::/64') }, 2)
  expect(shares.links.map(formatPrefix)).toEqual(['2a0a:0:0:1::/64', '2a0a:0:0:2::/64'])
  expect(size(shares.rest)).toBe(13)
})

test('a renewal keeps what it does not mention; a new lease does not', () => {
  const held = takeAnswer([], [given('2a0a:1::/56', 100, 200)], { now: 0, fresh: true })
  const next = [given('2a0a:2::/56', 100, 200)]
  expect(takeAnswer(held, next, { now: 10, fresh: false }).map(formatPrefix)).toEqual(['2a0a:1::/56', '2a0a:2::/56'])
  expect(takeAnswer(held, next, { now: 10, fresh: true }).map(formatPrefix)).toEqual(['2a0a:2::/56'])
  expect(takeAnswer(held, [given('2a0a:1::/56', 0, 0)], { now: 10, fresh: false })).toEqual([])
})

test('what is announced never exceeds what is left, at any time', () => {
  const delegations = takeAnswer([], [given('2a0a::/56', 60, 120)], { now: 0, fresh: true })
  let plan = makePlan({ ...base, delegations, now: 0 })
  for (let now = 0; now < 120; now += 0.5) {
    if (now >= plan.nextChange) plan = makePlan({ ...base, delegations, now })
    const pio = plan.segments[0]?.prefixes[0]
    expect(pio?.preferred).toBeLessThanOrEqual(Math.max(0, 60 - now))
    expect(pio?.valid).toBeLessThanOrEqual(120 - now)
  }
  expect(announce(1e9, 2700)).toBe(2700)
})

test('a prefix that is gone is withdrawn for as long as hosts may hold it, also after a reboot', () => {
  const first = makePlan({
    ...base,
    delegations: takeAnswer([], [given('2a0a:1::/56', 1e5, 1e5)], { now: 0, fresh: true }),
    now: 0,
  })
  const delegations = takeAnswer([], [given('2a0a:2::/56', 1e5, 1e5)], { now: 50, fresh: true })
  const booting = makePlan({ ...base, announced: first.announced, delegations: [], now: 40, settled: false })
  expect(booting.segments[0]?.stale).toEqual([])
  const second = makePlan({ ...base, announced: booting.announced, delegations, now: 50 })
  expect(second.segments.map((one) => one.stale)).toEqual([['2a0a:1::/64'], ['2a0a:1:0:1::/64']])
  const { announced, withdrawn } = second
  expect(makePlan({ ...base, announced, withdrawn, delegations, now: 5449 }).segments[0]?.stale).toHaveLength(1)
  expect(makePlan({ ...base, announced, withdrawn, delegations, now: 5451 }).segments[0]?.stale).toHaveLength(0)
})

test('a prefix that comes back is no longer withdrawn', () => {
  const delegations = takeAnswer([], [given('2a0a:1::/56', 1e5, 1e5)], { now: 0, fresh: true })
  const plan = makePlan({ ...base, withdrawn: [{ lan: 0, prefix: '2a0a:1::/64', until: 99 }], delegations, now: 0 })
  expect(plan.segments[0]?.stale).toEqual([])
})

test('BIRD withdraws with the flags set, and is no default router without a global prefix', () => {
  const plan = makePlan({ ...base, delegations: [], withdrawn: [{ lan: 0, prefix: '2a0a:1::/64', until: 99 }], now: 0 })
  const text = birdConfig({ plan, ula, flags, search: ['a.example'], formerSearch: ['b.example'], retire: false })
  expect(text).toContain('prefix 2a0a:1::/64 { onlink yes; autonomous no; valid lifetime 0; preferred lifetime 0; };')
  expect(text).toContain('default lifetime 0 sensitive yes;')
  expect(text).toContain('dnssl { domain "b.example"; lifetime 0; };')
  expect(text).toContain('route fd01:2:3::/48 unreachable')
})

test('Kea draws on what the LANs leave, under another subnet id after renumbering', () => {
  const config = (text: string) => {
    const plan = makePlan({
      ...base,
      delegations: takeAnswer([], [given(text, 100, 200)], { now: 0, fresh: true }),
      now: 0,
    })
    return keaConfig({ plan, search: [], services: [], hooks: '/hooks', script: '/hook' }).Dhcp6.subnet6
  }
  const [lan0, lan1] = config('2a0a:1::/62')
  expect(lan0?.subnet).toBe('2a0a:1::/64')
  expect(lan0?.['pd-pools']).toEqual([{ prefix: '2a0a:1:0:2::', 'prefix-len': 63, 'delegated-len': 64 }])
  expect(lan1?.['pd-pools']).toEqual(lan0?.['pd-pools'])
  expect(config('2a0a:2::/62')[0]?.id).not.toBe(lan0?.id)
})

test('a pinhole follows its host to a new prefix', () => {
  const old = [parsePrefix('2a0a:1::/56')]
  const hole = pinholeFor({ host: '2a0a:1:0:1::5', protocol: 'tcp', port: 443 }, old)
  expect(hole && pinholeAddresses(hole, [parsePrefix('2a0a:2:0:ff00::/56')])).toEqual(['2a0a:2:0:ff01::5'])
  expect(pinholeFor({ host: '2a0b::1', protocol: 'tcp', port: 1 }, old)).toBeUndefined()
  const rules = firewallRules({
    wan: 'wan0',
    lans,
    delegations: old,
    downstream: ['2a0a:1:0:8::/64'],
    open: false,
    pinholes: hole ? [hole] : [],
    forget: false,
    upstreamUla: false,
  })
  expect(rules).toContain('ip6 daddr 2a0a:1:0:1::5 tcp dport 443 accept')
  expect(rules).toContain('ip6 saddr 2a0a:1:0:8::/64 ip6 daddr 2a0a:1:0:8::/64 reject')
})

test('of a Reply only what RFC 8415 lets stand is taken', () => {
  const env = parseEnvironment(
    [
      'new_dhcp6_ia_pd1_iaid=00000002',
      'new_dhcp6_ia_pd1_prefix1=2a0a:1::',
      'new_dhcp6_ia_pd1_prefix1_length=56',
      'new_dhcp6_ia_pd1_prefix1_pltime=300',
      'new_dhcp6_ia_pd1_prefix1_vltime=200',
      'new_dhcp6_ia_pd1_prefix2=2a0a:2::',
      'new_dhcp6_ia_pd1_prefix2_length=56',
      'new_dhcp6_ia_pd1_prefix2_pltime=100',
      'new_dhcp6_ia_pd1_prefix2_vltime=200',
      '',
    ].join('\0'),
  )
  expect(delegatedPrefixes(env).map((one) => formatPrefix(one.prefix))).toEqual(['2a0a:2::/56'])
  expect(delegatedPrefixes({ ...env, new_dhcp6_ia_pd1_t1: '100', new_dhcp6_ia_pd1_t2: '50' })).toEqual([])
})

test('SIP and time servers are handed on as Kea takes them, and nothing else is', () => {
  const env = {
    new_dhcp6_sip_servers_names: 'sip.example sip."x".example',
    new_dhcp6_sntp_servers: '2a0a::1 fe80::1%wan0 2a0a::2',
    new_dhcp6_ntp_server_addr: '2a0a::1',
    new_dhcp6_ntp_server_fqdn: 'ntp.example',
  }
  expect(services(env)).toEqual([
    { code: 21, data: 'sip.example' },
    { code: 31, data: '2a0a::1, 2a0a::2' },
    {
      code: 56,
      data: `00010010${'2a0a'.padEnd(28, '0')}0001${'0003000d036e7470076578616d706c6500'}`,
      'csv-format': false,
    },
  ])
  expect(services({})).toEqual([])
  expect(timeServers(env)).toEqual(['2a0a::1'])
  expect(timeServers({ ...env, new_dhcp6_ntp_server_addr: undefined })).toEqual(['2a0a::1', '2a0a::2'])
})

test('Kea tells what it has given and taken', () => {
  const env = {
    LEASES6_SIZE: '1',
    LEASES6_AT0_TYPE: 'IA_PD',
    LEASES6_AT0_ADDRESS: '2a0a::',
    LEASES6_AT0_PREFIX_LEN: '64',
    LEASES6_AT0_VALID_LIFETIME: '9',
  }
  expect(downstreamLeases(env, 'leases6_committed').given).toEqual([{ prefix: '2a0a::/64', valid: 9 }])
  const gone = { LEASE6_TYPE: 'IA_PD', LEASE6_ADDRESS: '2a0a::', LEASE6_PREFIX_LEN: '64' }
  expect(downstreamLeases(gone, 'lease6_expire').taken).toEqual(['2a0a::/64'])
})

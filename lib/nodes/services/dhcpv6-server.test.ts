import { describe, expect, test } from 'vitest'
import { inPrefix } from '../../wire/address.ts'
import { type Dhcpv6, type Dhcpv6MessageType, option, statusOf } from '../../wire/dhcpv6.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import { answerDhcpv6, type Binding, bindingKey, type Dhcpv6Server } from './dhcpv6-server.ts'

const us = '0003000102de4a000001'
const client = '00030001001122334455'
const wanPrefix = '2a0e:b107:1::/64'
const prefixA = '2a0e:b107:100::/56'
const prefixB = '2a0e:b107:200::/56'

/** A server whose bindings change as it answers. */
function server(dhcpv6: Partial<Dhcpv6Server['parameters']['dhcpv6']> = {}) {
  const bindings = new Map<string, Binding>()
  const self = {
    duid: us,
    resolver: '2a0e:b107:1::1',
    bindings,
    now: 1000,
    parameters: {
      wanPrefix,
      dhcpv6: {
        answers: true,
        ignoreSolicits: 0,
        iaNa: true,
        prefixes: [prefixA],
        t1: 60,
        t2: 96,
        preferredLifetime: 120,
        validLifetime: 180,
        dns: true,
        domains: ['example.net'],
        solMaxRt: 600,
        ...dhcpv6,
      },
    },
  }
  const ask = (type: Dhcpv6MessageType | number, options: Dhcpv6Option[], unicast = false): Dhcpv6 | undefined => {
    const answer = answerDhcpv6({ type, transactionId: 0xabc, options }, unicast, self)
    for (const binding of answer?.bindings ?? []) bindings.set(bindingKey(binding), binding)
    return answer?.reply
  }
  return { ...self, ask, bindings }
}

const id: Dhcpv6Option = { type: 'client-id', duid: client }
const toUs: Dhcpv6Option = { type: 'server-id', duid: us }
const toOther: Dhcpv6Option = { type: 'server-id', duid: '00030001ffffffffffff' }
const oro = (...codes: number[]): Dhcpv6Option => ({ type: 'oro', codes })
const na = (...addresses: string[]): Dhcpv6Option => ({
  type: 'ia-na',
  iaid: 1,
  t1: 0,
  t2: 0,
  options: addresses.map((address) => ({
    type: 'ia-addr',
    address,
    preferredLifetime: 0,
    validLifetime: 0,
    options: [],
  })),
})
const pd = (...prefixes: string[]): Dhcpv6Option => pdOf(2, ...prefixes)
const pdOf = (iaid: number, ...prefixes: string[]): Dhcpv6Option => ({
  type: 'ia-pd',
  iaid,
  t1: 0,
  t2: 0,
  options: prefixes.map((prefix) => ({
    type: 'ia-prefix',
    prefix,
    preferredLifetime: 0,
    validLifetime: 0,
    options: [],
  })),
})

/** What an answer says of the IAs: `prefix valid-lifetime`, or the status. */
function ias(reply: Dhcpv6 | undefined): Record<string, (string | number)[]> {
  const found: Record<string, (string | number)[]> = {}
  for (const ia of reply?.options ?? []) {
    if (ia.type !== 'ia-na' && ia.type !== 'ia-pd') continue
    found[`${ia.type} ${(ia as { iaid: number }).iaid}`] = (ia as { options: Dhcpv6Option[] }).options.map((one) => {
      if (one.type === 'ia-addr') return `address ${(one as { validLifetime: number }).validLifetime}`
      const prefix = one as { type: string; prefix: string; validLifetime: number; status: number }
      return prefix.type === 'ia-prefix' ? `${prefix.prefix} ${prefix.validLifetime}` : prefix.status
    })
  }
  return found
}

const addressIn = (reply: Dhcpv6 | undefined): string => {
  const ia = reply && option(reply, 'ia-na')
  return (ia && option(ia, 'ia-addr')?.address) ?? ''
}

describe('discarded', () => {
  test.each<[string, Dhcpv6MessageType | number, Dhcpv6Option[], boolean?]>([
    ['a Solicit without client id', 'solicit', [pd()]],
    ['a Solicit with a server id', 'solicit', [id, toUs, pd()]],
    ['a Solicit to a unicast address', 'solicit', [id, pd()], true],
    ['a Request without server id', 'request', [id, pd()]],
    ['a Request to another server', 'request', [id, toOther, pd()]],
    ['a Request without client id', 'request', [toUs, pd()]],
    ['a Confirm with a server id', 'confirm', [id, toUs, na('2a0e:b107:1::5')]],
    ['a Confirm without addresses', 'confirm', [id, na(), pd(prefixA)]],
    ['a Renew to another server', 'renew', [id, toOther, pd(prefixA)]],
    ['a Rebind with a server id', 'rebind', [id, toUs, pd(prefixA)]],
    ['a Release to another server', 'release', [id, toOther, pd(prefixA)]],
    ['a Decline without server id', 'decline', [id, na('2a0e:b107:1::5')]],
    ['an Information-request with an IA', 'information-request', [id, na()]],
    ['an Information-request to another server', 'information-request', [id, toOther]],
    ['what servers say', 'reply', [id, toUs]],
    ['an unknown message', 99, [id, toUs]],
  ])('%s', (_name, type, options, unicast) => {
    expect(server().ask(type, options, unicast)).toBeUndefined()
  })

  test('a relayed message', () => {
    const relayed: Dhcpv6 = { type: 'relay-forward', hopCount: 0, linkAddress: '::', peerAddress: '::', options: [] }
    expect(answerDhcpv6(relayed, false, server())).toBeUndefined()
  })
})

test('unicast is told to use multicast', () => {
  const reply = server().ask('request', [id, toUs, pd()], true)
  expect(reply).toMatchObject({ type: 'reply' })
  expect(reply && statusOf(reply)).toBe(5)
  expect(ias(reply)).toEqual({})
})

describe('Solicit', () => {
  test('gets an Advertise with what would be granted, and binds nothing', () => {
    const { ask, bindings } = server()
    const reply = ask('solicit', [id, na(), pd('::/60'), { type: 'rapid-commit' }])
    expect(reply).toMatchObject({ type: 'advertise', transactionId: 0xabc, options: [toUs, id, {}, {}] })
    expect(ias(reply)).toEqual({ 'ia-na 1': ['address 180'], 'ia-pd 2': [`${prefixA} 180`] })
    expect(reply && option(reply, 'ia-pd')).toMatchObject({ t1: 60, t2: 96 })
    expect(inPrefix(addressIn(reply), wanPrefix)).toBe(true)
    expect(bindings.size).toBe(0)
  })

  test('gets status codes where there is nothing', () => {
    const { ask } = server({ iaNa: false, prefixes: [] })
    expect(ias(ask('solicit', [id, na(), pd()]))).toEqual({ 'ia-na 1': [2], 'ia-pd 2': [6] })
  })

  test('several prefixes come in one IA, another one gets none', () => {
    const { ask } = server({ prefixes: [prefixA, prefixB] })
    expect(ias(ask('solicit', [id, pd(), pdOf(3)]))).toEqual({
      'ia-pd 2': [`${prefixA} 180`, `${prefixB} 180`],
      'ia-pd 3': [6],
    })
    ask('request', [id, toUs, pdOf(3)])
    expect(ias(ask('rebind', [id, pd(), pdOf(3)]))).toMatchObject({ 'ia-pd 2': [6] })
  })
})

describe('options are sent when asked for', () => {
  test.each<[string, Dhcpv6Option[], string[]]>([
    ['nothing', [], []],
    ['DNS', [oro(23)], ['dns-servers']],
    ['all', [oro(23, 24, 82)], ['dns-servers', 'domain-list', 'sol-max-rt']],
  ])('%s', (_name, asked, expected) => {
    for (const type of ['solicit', 'rebind', 'information-request'] as const) {
      const reply = server().ask(type, [id, ...asked])
      expect(reply?.options.slice(2).map((one) => one.type)).toEqual(expected)
    }
  })

  test('not when the ISP has none', () => {
    const reply = server({ dns: false, domains: [], solMaxRt: undefined }).ask('solicit', [id, oro(23, 24, 82)])
    expect(reply?.options).toEqual([toUs, id])
  })

  test('an Information-request needs no client id', () => {
    expect(server().ask('information-request', [oro(23)])?.options).toEqual([
      toUs,
      { type: 'dns-servers', servers: ['2a0e:b107:1::1'] },
    ])
  })
})

describe('Request', () => {
  test('binds until the valid lifetime ends', () => {
    const { ask, bindings } = server()
    const reply = ask('request', [id, toUs, na(), pd()])
    expect(reply?.type).toBe('reply')
    expect([...bindings.values()].map(({ kind, leases }) => [kind, leases])).toEqual([
      ['ia-na', [{ value: addressIn(reply), validUntil: 1180 }]],
      ['ia-pd', [{ value: prefixA, validUntil: 1180 }]],
    ])
  })

  test('the address depends on DUID and IAID alone', () => {
    const address = addressIn(server().ask('request', [id, toUs, na()]))
    expect(addressIn(server().ask('request', [id, toUs, na(), pd()]))).toBe(address)
    const other = server().ask('request', [{ type: 'client-id', duid: '000300010000000000aa' }, toUs, na()])
    expect(addressIn(other)).not.toBe(address)
  })

  test('of an address of another link: NotOnLink', () => {
    expect(ias(server().ask('request', [id, toUs, na('2a0e:b107:9::5')]))).toEqual({ 'ia-na 1': [4] })
  })
})

describe('Renew and Rebind', () => {
  const renumbered = (renumbering?: 'zero-old' | 'silent-old' | 'no-binding', prefixes = [prefixB]) => {
    const it = server({ renumbering })
    it.ask('request', [id, toUs, na(), pd()])
    it.parameters.dhcpv6.prefixes = prefixes
    return it
  }

  test.each([
    ['renew', [id, toUs, na(), pd(prefixA)]],
    ['rebind', [id, na(), pd(prefixA)]],
  ] as const)('a %s extends', (type, options) => {
    const it = renumbered(undefined, [prefixA])
    it.bindings.forEach((binding) => {
      for (const lease of binding.leases) lease.validUntil = 1001
    })
    const reply = it.ask(type, [...options])
    expect(ias(reply)).toEqual({ 'ia-na 1': ['address 180'], 'ia-pd 2': [`${prefixA} 180`] })
    expect([...it.bindings.values()].flatMap(({ leases }) => leases).map((one) => one.validUntil)).toEqual([1180, 1180])
  })

  test.each<['zero-old' | 'silent-old' | 'no-binding' | undefined, (string | number)[], string[]]>([
    [undefined, [`${prefixB} 180`, `${prefixA} 0`], [prefixB]],
    ['zero-old', [`${prefixB} 180`, `${prefixA} 0`], [prefixB]],
    ['silent-old', [`${prefixB} 180`], [prefixB, prefixA]],
    ['no-binding', [3], [prefixA]],
  ])('renumbering %s', (renumbering, expected, routed) => {
    for (const type of ['renew', 'rebind'] as const) {
      const it = renumbered(renumbering)
      const reply = it.ask(type, [id, ...(type === 'renew' ? [toUs] : []), na(), pd(prefixA)])
      expect(ias(reply)).toEqual({ 'ia-na 1': ['address 180'], 'ia-pd 2': expected })
      const binding = it.bindings.get(bindingKey({ kind: 'ia-pd', duid: client, iaid: 2 }))
      expect(binding?.leases.map(({ value }) => value)).toEqual(routed)
    }
  })

  test('NoBinding is over with the next Request', () => {
    const { ask } = renumbered('no-binding')
    expect(ias(ask('request', [id, toUs, pd(prefixA)]))).toEqual({ 'ia-pd 2': [`${prefixB} 180`] })
    expect(ias(ask('renew', [id, toUs, pd(prefixB)]))).toEqual({ 'ia-pd 2': [`${prefixB} 180`] })
  })

  test.each(['renew', 'rebind'] as const)(
    'after NoBinding and a Request, a %s of old and new: the old one ends',
    (type) => {
      const { ask } = renumbered('no-binding')
      const extend = (...held: string[]) => ias(ask(type, [id, ...(type === 'renew' ? [toUs] : []), pd(...held)]))
      expect(extend(prefixA)).toEqual({ 'ia-pd 2': [3] })
      ask('request', [id, toUs, pd(prefixA)])
      expect(extend(prefixA, prefixB)).toEqual({ 'ia-pd 2': [`${prefixB} 180`, `${prefixA} 0`] })
      expect(extend(prefixA)).toEqual({ 'ia-pd 2': [`${prefixB} 180`, `${prefixA} 0`] })
    },
  )

  test('a prefix withdrawn without another', () => {
    expect(ias(renumbered('zero-old', []).ask('renew', [id, toUs, pd(prefixA)]))).toEqual({
      'ia-pd 2': [`${prefixA} 0`],
    })
    expect(ias(renumbered('silent-old', []).ask('renew', [id, toUs, pd(prefixA)]))).toEqual({ 'ia-pd 2': [6] })
  })

  test('another WAN prefix renumbers the address', () => {
    const it = renumbered()
    it.parameters.wanPrefix = '2a0e:b107:9::/64'
    expect(ias(it.ask('renew', [id, toUs, na()]))).toEqual({ 'ia-na 1': ['address 180', 'address 0'] })
  })

  test('an unknown client: NoBinding to its Renew, told what is stale in its Rebind', () => {
    expect(ias(server().ask('renew', [id, toUs, na(), pd(prefixA)]))).toEqual({ 'ia-na 1': [3], 'ia-pd 2': [3] })
    expect(ias(server().ask('rebind', [id, pd(prefixB)]))).toEqual({ 'ia-pd 2': [`${prefixA} 180`, `${prefixB} 0`] })
  })

  test('a known client gets with its Renew what it lacked', () => {
    const it = server({ prefixes: [] })
    expect(ias(it.ask('request', [id, toUs, na(), pd()]))).toEqual({ 'ia-na 1': ['address 180'], 'ia-pd 2': [6] })
    it.parameters.dhcpv6.prefixes = [prefixA]
    expect(ias(it.ask('renew', [id, toUs, na(), pd()]))).toMatchObject({ 'ia-pd 2': [`${prefixA} 180`] })
  })

  test('infinite lifetimes never end', () => {
    const it = server({ validLifetime: 0xffffffff })
    it.ask('request', [id, toUs, pd()])
    expect([...it.bindings.values()][0]?.leases[0]?.validUntil).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('Confirm', () => {
  test.each([
    ['2a0e:b107:1::5', 0],
    ['2a0e:b107:9::5', 4],
  ])('%s: status %i', (address, code) => {
    const reply = server().ask('confirm', [id, na(address)])
    expect(reply && statusOf(reply)).toBe(code)
    expect(reply && option(reply, 'status-code')).toBeDefined()
  })
})

describe('Release and Decline', () => {
  test('what is released is no longer routed; the rest stays', () => {
    const { ask, bindings } = server({ prefixes: [prefixA, prefixB] })
    ask('request', [id, toUs, pd()])
    const reply = ask('release', [id, toUs, pd(prefixA), na()])
    expect(reply && statusOf(reply)).toBe(0)
    expect(ias(reply)).toEqual({ 'ia-na 1': [3] })
    expect([...bindings.values()][0]?.leases.map(({ value }) => value)).toEqual([prefixB])
  })

  test('after a release the same comes again, after a Decline another address', () => {
    const { ask } = server()
    const first = addressIn(ask('request', [id, toUs, na()]))
    ask('release', [id, toUs, na(first)])
    expect(addressIn(ask('request', [id, toUs, na()]))).toBe(first)
    ask('decline', [id, toUs, na(first)])
    const second = addressIn(ask('request', [id, toUs, na()]))
    expect(second).not.toBe(first)
    expect(inPrefix(second, wanPrefix)).toBe(true)
  })
})

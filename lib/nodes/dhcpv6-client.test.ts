import { describe, expect, it } from 'vitest'
import type { Frame } from '../recording/recording.ts'
import { seeded } from '../time/seed.ts'
import { virtualClock } from '../time/virtual-clock.ts'
import { authenticated, reconfigureKey } from '../wire/dhcpv6-auth.ts'
import type { Dhcpv6Option } from '../wire/dhcpv6-option.ts'
import { dhcpv6Client } from './dhcpv6-client.ts'

type Message = Parameters<Parameters<typeof dhcpv6Client>[1]['send']>[0]

const SERVER: Dhcpv6Option = { type: 'server-id', duid: '0003000102000000fe' }
const OTHER: Dhcpv6Option = { type: 'server-id', duid: '0003000102000000ff' }
const DUID = '00030001020000000001'

const pd = (prefix: string, preferred: number, valid: number, t1 = 0, t2 = 0, iaid = 1): Dhcpv6Option => ({
  ...{ type: 'ia-pd', iaid, t1, t2 },
  options: [{ type: 'ia-prefix', prefix, preferredLifetime: preferred, validLifetime: valid, options: [] }],
})
const refused = (status: number, iaid = 1): Dhcpv6Option => ({
  ...{ type: 'ia-pd', iaid, t1: 0, t2: 0 },
  options: [{ type: 'status-code', status, message: '' }],
})

function play(options: { iaNa?: boolean; iaPd?: { hint?: number }[]; acceptsReconfigure?: boolean } = {}) {
  const clock = virtualClock()
  const sent: (Message & { at: number })[] = []
  const frame = (number: number): Frame => ({ number }) as Frame
  const client = dhcpv6Client(
    { clock, random: seeded('dhcpv6'), settled: clock.settled },
    {
      ...{ duid: DUID, iaNa: false, iaPd: [{}], ...options },
      send(message) {
        sent.push({ ...message, at: clock.now() })
        return frame(sent.length)
      },
      changed() {},
    },
  )
  const last = (): Message & { at: number } => sent.at(-1) as Message & { at: number }
  /** Answers the last message. */
  const answer = (type: 'advertise' | 'reply', given: Dhcpv6Option[], from = SERVER, number = 100): void => {
    const options: Dhcpv6Option[] = [{ type: 'client-id', duid: DUID }, from, ...given]
    client.receive({ type, transactionId: last().transactionId, options }, frame(number))
  }
  const bind = (lease: Dhcpv6Option): void => {
    client.start()
    clock.advance(1)
    answer('advertise', [{ type: 'preference', value: 255 }, lease])
    answer('reply', [lease])
  }
  return { clock, client, sent, last, answer, bind, types: () => sent.map(({ type }) => type) }
}

describe('a DHCPv6 client', () => {
  it('solicits with growing pauses', () => {
    const { clock, client, sent } = play()
    client.start()
    clock.advance(200)
    const times = sent.map(({ at }) => at)
    expect(times[0]).toBeLessThanOrEqual(1)
    const pauses = times.slice(1).map((at, i) => at - (times[i] as number))
    for (const [i, pause] of pauses.entries()) {
      const ratio = i === 0 ? pause : pause / (pauses[i - 1] as number)
      expect(ratio).toBeGreaterThanOrEqual(i === 0 ? 1 : 1.9)
      expect(ratio).toBeLessThanOrEqual(i === 0 ? 1.1 : 2.1)
    }
    expect(new Set(sent.map(({ transactionId }) => transactionId)).size).toBe(1)
    expect(sent[0]?.options.at(-1)).toEqual({ type: 'elapsed-time', value: 0 })
    expect(sent[1]?.options.at(-1)).toEqual({ type: 'elapsed-time', value: Math.round((pauses[0] as number) * 100) })
  })

  it('asks for each IA_PD, with its hint, and for SOL_MAX_RT', () => {
    const { clock, client, last } = play({ iaNa: true, iaPd: [{ hint: 60 }, {}] })
    client.start()
    clock.advance(1)
    expect(last().options.slice(1, 5)).toEqual([
      { type: 'ia-na', iaid: 1, t1: 0, t2: 0, options: [] },
      {
        ...{ type: 'ia-pd', iaid: 1, t1: 0, t2: 0 },
        options: [{ type: 'ia-prefix', prefix: '::/60', preferredLifetime: 0, validLifetime: 0, options: [] }],
      },
      { type: 'ia-pd', iaid: 2, t1: 0, t2: 0, options: [] },
      { type: 'oro', codes: [23, 24, 82] },
    ])
  })

  it('collects Advertises for the first timeout, and takes the most preferred', () => {
    const { clock, client, answer, types, last } = play()
    client.start()
    clock.advance(1)
    answer('advertise', [pd('2001:db8:1::/56', 100, 200)])
    answer('advertise', [pd('2001:db8:2::/56', 100, 200), { type: 'preference', value: 5 }], OTHER)
    expect(types()).toEqual(['solicit'])
    clock.advance(1.2)
    expect(types()).toEqual(['solicit', 'request'])
    expect(last().options).toContainEqual(OTHER)
  })

  it('takes a preference of 255 at once, and ignores a server that has nothing', () => {
    const { clock, client, answer, types } = play()
    client.start()
    clock.advance(1)
    answer('advertise', [refused(6)])
    clock.advance(0.1)
    answer('advertise', [pd('2001:db8:2::/56', 100, 200), { type: 'preference', value: 255 }], OTHER)
    expect(types()).toEqual(['solicit', 'request'])
  })

  it('takes an offer that is preferred for longer than it is valid for none, and goes on with growing pauses', () => {
    const { clock, client, answer, types, sent } = play()
    client.start()
    clock.advance(1)
    answer('advertise', [pd('2001:db8:1::/56', 3600, 600), { type: 'preference', value: 255 }])
    clock.advance(8)
    expect(new Set(types())).toEqual(new Set(['solicit']))
    expect(new Set(sent.map(({ transactionId }) => transactionId)).size).toBe(1)
  })

  it('renews at T1, rebinds at T2 and starts anew when all is expired', () => {
    const { clock, client, bind, sent, types } = play()
    bind(pd('2001:db8:1::/56', 300, 400, 100, 200))
    const bound = clock.now()
    expect(client.leases()).toEqual([
      { kind: 'ia-pd', iaid: 1, value: '2001:db8:1::/56', preferredLifetime: 300, validLifetime: 400 },
    ])
    clock.advance(450)
    const first = (type: string) => (sent.find((message) => message.type === type)?.at ?? 0) - bound
    expect(first('renew')).toBeCloseTo(100)
    expect(first('rebind')).toBeCloseTo(200)
    expect(sent.find(({ type }) => type === 'renew')?.options).toContainEqual(SERVER)
    expect(sent.find(({ type }) => type === 'rebind')?.options).not.toContainEqual(SERVER)
    expect(types().at(-1)).toBe('solicit')
    expect(sent.findLast(({ type }) => type === 'rebind')?.at).toBeLessThan(bound + 400)
    expect(client.leases()).toEqual([])
  })

  it('extends its lease by a Reply to a Renew, with T1 of its own where the server leaves it', async () => {
    const { clock, client, bind, answer, sent } = play()
    bind(pd('2001:db8:1::/56', 300, 400, 100, 200))
    const renewed = client.renew(5)
    answer('reply', [pd('2001:db8:1::/56', 1000, 2000)], SERVER, 7)
    expect(await renewed).toEqual({ number: 7 })
    const at = clock.now()
    clock.advance(501)
    expect(sent.at(-1)).toMatchObject({ type: 'renew', at: at + 500 })
  })

  it('takes the place of a withdrawn prefix, lifetimes 0, by the new one', () => {
    const { client, bind, answer } = play()
    bind(pd('2001:db8:1::/56', 300, 400, 100, 200))
    void client.renew(5)
    answer('reply', [
      {
        ...{ type: 'ia-pd', iaid: 1, t1: 0, t2: 0 },
        options: [
          { type: 'ia-prefix', prefix: '2001:db8:1::/56', preferredLifetime: 0, validLifetime: 0, options: [] },
          { type: 'ia-prefix', prefix: '2001:db8:2::/56', preferredLifetime: 50, validLifetime: 60, options: [] },
        ],
      },
    ])
    expect(client.leases().map(({ value }) => value)).toEqual(['2001:db8:2::/56'])
  })

  it('requests again after NoBinding', () => {
    const { client, bind, answer, types } = play()
    bind(pd('2001:db8:1::/56', 300, 400, 100, 200))
    void client.renew(5)
    answer('reply', [refused(3)])
    expect(types().slice(-2)).toEqual(['renew', 'request'])
  })

  it('looks for servers anew, without its old leases, when one is not on this link', () => {
    const { clock, client, bind, answer, types, last } = play()
    bind(pd('2001:db8:1::/56', 300, 400, 100, 200))
    void client.renew(5)
    answer('reply', [refused(3)])
    answer('reply', [refused(4)])
    expect(client.leases()).toEqual([])
    clock.advance(1)
    expect(types().slice(-3)).toEqual(['renew', 'request', 'solicit'])
    expect(last().options).toContainEqual({ type: 'ia-pd', iaid: 1, t1: 0, t2: 0, options: [] })
  })

  it.each([
    ['UnspecFail', 1],
    ['NoPrefixAvail', 6],
  ])('keeps its lease after %s in the IA, and renews it again, not at once', (_, status) => {
    const { clock, client, bind, answer, types } = play()
    bind(pd('2001:db8:1::/56', 300, 400, 100, 200))
    clock.advance(100)
    answer('reply', [refused(status)])
    expect(client.leases()).toHaveLength(1)
    clock.advance(5)
    expect(types().slice(-2)).toEqual(['request', 'renew'])
    clock.advance(6)
    expect(types().slice(-2)).toEqual(['renew', 'renew'])
  })

  it('requests ten times, then looks for another server', () => {
    const { clock, client, answer, types } = play()
    client.start()
    clock.advance(1)
    answer('advertise', [pd('2001:db8:1::/56', 300, 400), { type: 'preference', value: 255 }])
    clock.advance(400)
    expect(types().filter((type) => type === 'request')).toHaveLength(10)
    expect(types().at(-1)).toBe('solicit')
  })

  it('keeps trying after UnspecFail, and lets no answer for another count', () => {
    const { clock, client, answer, types, last } = play()
    client.start()
    clock.advance(1)
    const advertise = [pd('2001:db8:1::/56', 300, 400), { type: 'preference' as const, value: 255 }]
    client.receive(
      { type: 'advertise', transactionId: last().transactionId, options: [{ type: 'client-id', duid: '00' }, SERVER] },
      {} as Frame,
    )
    answer('advertise', advertise)
    answer('reply', [{ type: 'status-code', status: 1, message: '' }])
    clock.advance(2)
    expect(types()).toEqual(['solicit', 'request', 'request'])
  })

  it('releases what it holds, and is silent then', async () => {
    const { clock, client, bind, answer, types, last } = play()
    bind(pd('2001:db8:1::/56', 300, 400, 100, 200))
    const released = client.release(5)
    expect(last().options).toContainEqual(SERVER)
    expect(last().options.filter(({ type }) => type === 'ia-pd')).toHaveLength(1)
    expect(client.leases()).toEqual([])
    answer('reply', [{ type: 'status-code', status: 0, message: '' }], SERVER, 8)
    expect(await released).toEqual({ number: 8 })
    clock.advance(1000)
    expect(types().at(-1)).toBe('release')
  })

  it('sends one Information-request when asked for one', async () => {
    const { clock, client, answer, last, types } = play()
    const answered = client.informOnce({ codes: [23], within: 3 })
    expect(last()).toMatchObject({ type: 'information-request' })
    expect(last().options).toContainEqual({ type: 'oro', codes: [23] })
    answer('reply', [{ type: 'dns-servers', servers: ['2001:db8::53'] }], SERVER, 9)
    expect(await answered).toEqual({ number: 9 })
    const silence = client.informOnce({ within: 3 })
    clock.advance(20)
    expect(await silence).toBeUndefined()
    expect(types()).toHaveLength(2)
  })

  it('heeds a Reconfigure that its server signed, once, and only where it said so', () => {
    const key = Uint8Array.from({ length: 16 }, (_, index) => index)
    const lease = pd('2001:db8:1::/56', 300, 400, 100, 200)
    const reconfigure = (replay: number, by = key, dst = 'fe80::1', messageType = 5) => {
      const options: Dhcpv6Option[] = [{ type: 'client-id', duid: DUID }, SERVER, { type: 'reconf-msg', messageType }]
      const message = authenticated({ type: 'reconfigure', transactionId: 0, options }, by, replay)
      return [message, { packet: { ip6: { dst } } } as Frame] as const
    }
    const unwilling = play()
    unwilling.bind(lease)
    unwilling.answer('reply', [lease, reconfigureKey(key, 1)])
    unwilling.client.receive(...reconfigure(2))
    expect(unwilling.types()).toEqual(['solicit', 'request'])

    const { clock, client, sent, answer, types } = play({ acceptsReconfigure: true })
    client.start()
    clock.advance(1)
    answer('advertise', [{ type: 'preference', value: 255 }, lease])
    expect(sent.map(({ options }) => options.some(({ type }) => type === 'reconf-accept'))).toEqual([true, true])
    answer('reply', [lease, { type: 'reconf-accept' }, reconfigureKey(key, 1)])
    client.receive(...reconfigure(2, new Uint8Array(16)))
    client.receive(...reconfigure(2, key, 'ff02::1'))
    expect(types()).toEqual(['solicit', 'request'])
    client.receive(...reconfigure(2))
    client.receive(...reconfigure(3))
    expect(types()).toEqual(['solicit', 'request', 'renew'])
    answer('reply', [lease])
    client.receive(...reconfigure(2))
    client.receive(...reconfigure(4, key, 'fe80::1', 6))
    expect(types()).toEqual(['solicit', 'request', 'renew', 'rebind'])
  })
})

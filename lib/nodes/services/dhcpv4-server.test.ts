import { expect, test } from 'vitest'
import { type Dhcpv4, encodeDhcpv4, option4 } from '../../wire/dhcpv4.ts'
import type { Dhcpv4Option } from '../../wire/dhcpv4-options.ts'
import { answerDhcpv4, gateway4 } from './dhcpv4-server.ts'

type Kind = 'discover' | 'request' | 'inform' | 'release' | 'decline'

function message(value: Kind, options: Dhcpv4Option[] = [], ciaddr = '0.0.0.0'): Dhcpv4 {
  return {
    op: 'request',
    htype: 1,
    hlen: 6,
    hops: 0,
    xid: 42,
    secs: 3,
    flags: 0x8000,
    ciaddr,
    yiaddr: '0.0.0.0',
    siaddr: '0.0.0.0',
    giaddr: '0.0.0.0',
    chaddr: '00:11:22:33:44:55',
    options: [{ type: 'message-type', value }, ...options, { type: 'end' }],
  }
}

const kindOf = (answer: Dhcpv4 | undefined) => answer && option4(answer, 'message-type')?.value
const mine = answerDhcpv4(message('discover'))?.yiaddr ?? ''
const wanted = (address: string): Dhcpv4Option => ({ type: 'requested-address', address })
const server = (address: string): Dhcpv4Option => ({ type: 'server-id', address })

test.each<[string, Dhcpv4, unknown, string | undefined]>([
  ['Discover', message('discover'), 'offer', mine],
  ['Request', message('request', [server(gateway4), wanted(mine)]), 'ack', mine],
  ['Request after a reboot', message('request', [wanted(mine)]), 'ack', mine],
  ['Request to renew', message('request', [], mine), 'ack', mine],
  ['Request of another address', message('request', [wanted('192.168.1.2')]), 'nak', '0.0.0.0'],
  ['Request to another server', message('request', [server('192.168.1.1'), wanted(mine)]), undefined, undefined],
  ['Inform', message('inform', [], '100.64.9.9'), 'ack', '0.0.0.0'],
  ['Release', message('release', [server(gateway4)], mine), undefined, undefined],
  ['Reply', { ...message('request'), op: 'reply' }, undefined, undefined],
])('%s', (_name, request, kind, yiaddr) => {
  const answer = answerDhcpv4(request)
  expect(kindOf(answer)).toBe(kind)
  expect(answer?.yiaddr).toBe(yiaddr)
  if (answer) expect(answer).toMatchObject({ op: 'reply', xid: 42, flags: 0x8000, chaddr: request.chaddr })
})

test('an offer has all that a gateway needs, out of shared address space', () => {
  const offer = answerDhcpv4(message('discover')) as Dhcpv4
  expect(mine).toMatch(/^100\.64\.\d+\.\d+$/)
  for (const type of ['routers', 'dns-servers', 'ntp-servers'] as const)
    expect(option4(offer, type)?.addresses).toEqual([gateway4])
  expect(option4(offer, 'lease-time')?.seconds).toBe(3600)
  expect(encodeDhcpv4(offer)).toHaveLength(300)
})

test('another client, another address', () => {
  const other = answerDhcpv4({ ...message('discover'), chaddr: '00:11:22:33:44:66' })
  expect(other?.yiaddr).not.toBe(mine)
})

import { createHash } from 'node:crypto'
import type { Ipv4Address } from '../../wire/address.ts'
import { type Dhcpv4, encodeDhcpv4, option4 } from '../../wire/dhcpv4.ts'
import type { Dhcpv4Option } from '../../wire/dhcpv4-options.ts'

/** Shared address space (RFC 6598): never what a LAN uses, so that DUT and ISP can't overlap. */
export const gateway4: Ipv4Address = '100.64.0.1'
const mask = '255.255.0.0'
const leaseTime = 3600
/** RFC 1542 section 2.1: some clients take nothing shorter. */
const shortest = 300

/** RFC 2131 section 4.3: one address for each client, the same at every boot. Undefined: no answer. */
export function answerDhcpv4(message: Dhcpv4): Dhcpv4 | undefined {
  if (message.op !== 'request') return undefined
  const type = option4(message, 'message-type')?.value
  const address = addressOf(message.chaddr)
  const named = option4(message, 'server-id')?.address
  if (type === 'discover') return reply(message, 'offer', address)
  if (type === 'inform') return reply(message, 'ack', undefined)
  if (type !== 'request' || (named !== undefined && named !== gateway4)) return undefined
  const wanted = option4(message, 'requested-address')?.address ?? message.ciaddr
  return wanted === address ? reply(message, 'ack', address) : nak(message)
}

/** 100.64.1.1 to 100.64.250.250. */
function addressOf(chaddr: string): Ipv4Address {
  const [a = 0, b = 0] = createHash('sha256').update(chaddr).digest()
  return `100.64.${(a % 250) + 1}.${(b % 250) + 1}`
}

function reply(message: Dhcpv4, type: 'offer' | 'ack', address: Ipv4Address | undefined): Dhcpv4 {
  // RFC 2131 section 4.3.5: an Inform is answered without address and lease time.
  const lease: Dhcpv4Option[] = address === undefined ? [] : [{ type: 'lease-time', seconds: leaseTime }]
  return {
    ...answer(message, [
      { type: 'message-type', value: type },
      { type: 'server-id', address: gateway4 },
      ...lease,
      { type: 'subnet-mask', address: mask },
      { type: 'routers', addresses: [gateway4] },
      { type: 'dns-servers', addresses: [gateway4] },
      { type: 'ntp-servers', addresses: [gateway4] },
    ]),
    ciaddr: address === undefined ? message.ciaddr : '0.0.0.0',
    yiaddr: address ?? '0.0.0.0',
  }
}

function nak(message: Dhcpv4): Dhcpv4 {
  return answer(message, [
    { type: 'message-type', value: 'nak' },
    { type: 'server-id', address: gateway4 },
  ])
}

/** RFC 2131 section 4.3.1, table 3. */
function answer(message: Dhcpv4, options: Dhcpv4Option[]): Dhcpv4 {
  const whole: Dhcpv4 = {
    op: 'reply',
    htype: message.htype,
    hlen: message.hlen,
    hops: 0,
    xid: message.xid,
    secs: 0,
    flags: message.flags,
    ciaddr: '0.0.0.0',
    yiaddr: '0.0.0.0',
    siaddr: '0.0.0.0',
    giaddr: message.giaddr,
    chaddr: message.chaddr,
    options: [...options, { type: 'end' }],
  }
  return { ...whole, padding: new Uint8Array(Math.max(0, shortest - encodeDhcpv4(whole).length)) }
}

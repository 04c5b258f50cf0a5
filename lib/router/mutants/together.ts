import type { Part, PartEvent } from '../behavior/forwarding.ts'
import type { Mutant } from './mutant.ts'

/** What the suites call a part. */
const feature: Record<Part, string> = {
  fragments: 'fragments',
  'Packet Too Big': 'Packet Too Big',
  DNS: 'DNS',
  DHCPv6: 'DHCPv6',
  pinhole: 'pinhole',
  filter: 'closed port',
  'sub-delegated prefix': 'sub-delegated prefix',
}

const key = (part: Part, when: string) => `DENAT-TOGETHER · ${feature[part]}, ${when}`

/** Each part works by itself, and each event passes by itself. On a line of Ethernet's MTU nothing is wrong either. */
const lost = (part: Part, event: Exclude<PartEvent, 'RA'>, ...beside: string[]): Mutant => ({
  name: `${feature[part]}-lost-at-${event}`.replaceAll(' ', '-').toLowerCase(),
  story: `On a line with a small MTU ${feature[part]} stops working after ${event}.`,
  violates: [key(part, event), ...beside],
  behavior: { partLost: (its, at, { mtu }) => its === part && at === event && mtu < 1500 },
})

const back = (...after: string[]) => after.map((one) => `DENAT-BACK · ${one}`)

/** A part that does not come back after an event, whatever the line. */
const gone = (name: string, story: string, part: Part, event: PartEvent, after: string[]): Mutant => ({
  name,
  story,
  violates: back(...after),
  behavior: { partLost: (its, at) => its === part && at === event },
})

/** What supervises the parts starts the DNS proxy no more, once it was stopped so often. */
const givenUp = (name: string, what: string, event: PartEvent, often: number, after: string): Mutant => ({
  name,
  story: `The DNS proxy is not started again after ${what}.`,
  violates: back(after),
  behavior: { partLost: (part, at, { times }) => part === 'DNS' && at === event && times === often },
})

const behind = (...triggers: string[]) => triggers.map((trigger) => `DENAT-RENUM-CASCADE · ${trigger}, host behind it`)

const namesAfterChange = [
  'RFC7084-DNS-LOCAL · DHCPv6 after renumbering',
  'RFC7084-DNS-LOCAL · RDNSS after renumbering',
  'RFC8415-18.2.10-OPTGONE · server changed',
]

/** What shows only where several things come together. */
export const together: Mutant[] = [
  {
    name: 'pinhole-forgotten-at-renew',
    story: 'A Reply to a Renew reloads the rules without the pinholes.',
    violates: [key('pinhole', 'Renew'), key('pinhole', 'new prefix')],
    behavior: { partLost: (part, event) => part === 'pinhole' && event === 'Renew' },
  },
  {
    name: 'too-big-forgotten-after-cut',
    story: 'Packet Too Big is sent at first, but not after a line cut.',
    violates: [key('Packet Too Big', 'line cut')],
    behavior: { partLost: (part, event) => part === 'Packet Too Big' && event === 'line cut' },
  },
  {
    name: 'sub-delegated-route-lost-at-renew-on-1492',
    story: 'On a line with MTU 1492 a Renew removes the routes of sub-delegated prefixes.',
    violates: [
      key('sub-delegated prefix', 'Renew'),
      key('sub-delegated prefix', 'new prefix'),
      ...behind('NoBinding', 'link flap', 'expiry'),
    ],
    behavior: {
      partLost: (part, event, { mtu }) => part === 'sub-delegated prefix' && event === 'Renew' && mtu === 1492,
    },
  },
  {
    name: 'open-after-renumbering',
    story: 'The firewall rules contain only the first prefix: with another one all inbound packets are forwarded.',
    violates: [key('filter', 'new prefix'), ...back('NoBinding', 'Renew, new prefix', 'Reconfigure')],
    behavior: { partLost: (part, event) => part === 'filter' && event === 'new prefix' },
  },
  {
    name: 'fragments-dropped-on-1280',
    story: 'On a line with MTU 1280 no fragment is forwarded.',
    violates: [key('fragments', 'at first')],
    behavior: { partLost: (part, event, { mtu }) => part === 'fragments' && event === 'RA' && mtu === 1280 },
  },
  {
    name: 'proxy-deaf-after-restart-beside-routers',
    story: 'A router with stored sub-delegations answers no DNS query after a restart.',
    violates: [key('DNS', 'restart'), ...back('power cut, same prefix')],
    behavior: { partLost: (part, event, { routers }) => part === 'DNS' && event === 'restart' && routers },
  },
  gone(
    'dhcpv6-server-dead-after-line-cut',
    'No Information-request is answered after a cut of the line.',
    'DHCPv6',
    'line cut',
    ['line cut, same prefix', 'line cut for 5 s', 'line cut, no server at first'],
  ),
  gone(
    'dhcpv6-server-dead-after-renumbering',
    'No Information-request is answered once there is another prefix.',
    'DHCPv6',
    'new prefix',
    ['NoBinding', 'Renew, new prefix', 'Reconfigure'],
  ),
  gone('dhcpv6-server-dead-after-restart', 'No Information-request is answered after a restart.', 'DHCPv6', 'restart', [
    'power cut, same prefix',
    'IPv6 switched off and on',
  ]),
  gone('proxy-dead-after-rebind', 'A Rebind that is answered ends the DNS proxy.', 'DNS', 'Rebind', ['Rebind']),
  gone(
    'proxy-dead-without-default-router',
    'The DNS proxy does not outlive the loss of the default router.',
    'DNS',
    'default router lost',
    ['default router lost', 'line cut, same prefix'],
  ),
  gone('proxy-dead-without-prefix', 'The DNS proxy does not outlive the loss of the prefix.', 'DNS', 'prefix lost', [
    'prefix withdrawn and granted',
    'server silent, new prefix',
  ]),
  givenUp('proxy-dead-after-second-line-cut', 'a second cut of the line', 'line cut', 2, 'line cut, new prefix'),
  givenUp('proxy-dead-after-third-restart', 'a third restart', 'restart', 3, 'reboot, new prefix'),
  givenUp('proxy-dead-after-fourth-restart', 'a fourth restart', 'restart', 4, 'power cut, new prefix'),
  lost('fragments', 'Renew', key('fragments', 'new prefix')),
  lost('fragments', 'line cut'),
  lost(
    'fragments',
    'restart',
    ...['atomic', 'large', 'ordered', 'reversed'].map((how) => `RFC8200-4.5-FRAGPASS · ${how}, inbound`),
  ),
  lost('fragments', 'new prefix'),
  lost('Packet Too Big', 'Renew', key('Packet Too Big', 'new prefix')),
  lost('Packet Too Big', 'restart'),
  lost('Packet Too Big', 'new prefix'),
  lost('DNS', 'Renew', key('DNS', 'new prefix'), ...namesAfterChange, ...back('NoBinding', 'Renew, new prefix')),
  lost('DNS', 'line cut', ...back('line cut, same prefix', 'line cut, no server at first')),
  lost('DNS', 'new prefix', ...namesAfterChange, ...back('NoBinding', 'Renew, new prefix')),
  lost('pinhole', 'line cut'),
  lost('pinhole', 'restart', 'UI-FW-TOGGLE · pinhole after a restart'),
  lost('pinhole', 'new prefix'),
  lost('filter', 'Renew', key('filter', 'new prefix'), ...back('NoBinding', 'Renew, new prefix')),
  lost('filter', 'line cut', ...back('line cut, same prefix', 'line cut, no server at first')),
  lost(
    'filter',
    'restart',
    ...back('power cut, same prefix'),
    'UI-FW-TOGGLE · firewall on again',
    'UI-FW-TOGGLE · pinhole closed',
  ),
  lost('sub-delegated prefix', 'line cut', ...behind('link flap', 'expiry'), ...back('line cut, same prefix')),
  lost(
    'sub-delegated prefix',
    'restart',
    ...back('power cut, same prefix'),
    ...behind('orderly reboot', 'power cut'),
    'DENAT-E2E-OPEN · firewall off, behind a downstream router',
    ...['TCP', 'UDP', 'echo'].map((what) => `DENAT-E2E-OPEN · firewall off, ${what} behind a downstream router`),
    ...['TCP', 'UDP', 'ICMPv6'].map((what) => `RFC6092-REC-49 · ${what}, behind a downstream router`),
  ),
  lost('sub-delegated prefix', 'new prefix', ...behind('NoBinding', 'Renew', 'link flap', 'expiry')),
]

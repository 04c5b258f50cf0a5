import { optionsOf } from '../../wire/dhcpv6.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import { type Behavior, compliant } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

type Times = Behavior['solicitTimes']
const solicit = (change: Partial<Times>) => ({ solicitTimes: { ...compliant.solicitTimes, ...change } })
const request = (change: Partial<Times>) => ({ requestTimes: { ...compliant.requestTimes, ...change } })
const decline = (change: Partial<Times>) => ({ declineTimes: { ...compliant.declineTimes, ...change } })
const renew = (change: Partial<Times>) => ({ renewTimes: { ...compliant.renewTimes, ...change } })

type Message = { options: Dhcpv6Option[] }
type Form = 'status in each IA' | 'status of the message' | 'no IA at all'

const formOf = (message: Message): Form => {
  if (message.options.some(({ type }) => type === 'ia-na' || type === 'ia-pd')) return 'status in each IA'
  return optionsOf(message, 'status-code').length > 0 ? 'status of the message' : 'no IA at all'
}
const taken = (form: Form, how: 'accepted' | 'restarts') => (message: Message) =>
  formOf(message) === form && optionsOf(message, 'sol-max-rt').length === 0 ? how : 'ignored'

/** When DHCPv6 messages are retransmitted, and when the client stops. */
export const retransmission: Mutant[] = [
  {
    name: 'fixed-solicit',
    story: 'Solicit is repeated at a fixed interval.',
    violates: [
      'RFC8415-18.2.1-SOLICIT · doubling',
      'RFC8415-18.2.9-EMPTYADV · status of the message',
      'RFC8415-18.2.9-EMPTYADV · no IA at all',
      'RFC8415-18.2.9-EMPTYADV · SOL_MAX_RT applied',
      'RFC8415-21.24-SOLMAXRT · 59',
      'RFC8415-21.24-SOLMAXRT · 60',
      'RFC8415-14.1-STORM',
      'DENAT-DHCP6-RATE',
    ],
    behavior: solicit({ growth: 1 }),
  },
  {
    name: 'solicit-timeouts-grow-too-fast',
    story: 'Each timeout of a Solicit is 2.18 times the previous one, more than RAND permits.',
    violates: ['RFC8415-18.2.1-SOLICIT · doubling'],
    behavior: solicit({ growth: 2.18, rand: [-0.02, 0.02] }),
  },
  {
    name: 'not-randomized',
    story: 'Timeouts double exactly, at the same time in all routers.',
    violates: ['RFC8415-18.2.1-SOLICIT · randomized'],
    behavior: solicit({ rand: [0, 0], firstRand: [0.05, 0.05] }),
  },
  {
    name: 'first-solicit-early',
    story: 'The first timeout of a Solicit may be shorter than IRT.',
    violates: ['RFC8415-18.2.1-SOLICIT · first timeout', 'RFC8415-18.2.1-COLLECT · first timeout'],
    behavior: solicit({ firstRand: [-0.1, -0.07] }),
  },
  {
    name: 'gives-up-soliciting',
    story: 'After four Solicits without an answer the client stops.',
    violates: ['RFC8415-18.2.1-SOLICIT · goes on'],
    behavior: solicit({ attempts: 4 }),
  },
  {
    name: 'collects-in-every-timeout',
    story: 'Advertises are collected in each timeout, so that a server that answers late is used even later.',
    violates: ['ROB-ORDER · server after 15 s'],
    behavior: { advertisesCollected: 'in every timeout' },
  },
  {
    name: 'collects-after-lost-solicits',
    story: 'Where the first Solicits were lost, Advertises are collected in the timeout of a later one.',
    violates: ['RFC8415-18.2.1-COLLECT · first timeout'],
    behavior: { firstMessagesLost: 2, advertisesCollected: 'in every timeout' },
  },
  {
    name: 'request-late',
    story: 'The second Request is sent after the timeout of a Renew.',
    violates: ['RFC8415-18.2.2-REQUEST · first timeout'],
    behavior: request({ initial: 1.4 }),
  },
  {
    name: 'request-fixed',
    story: 'Request is retransmitted every second.',
    violates: ['RFC8415-18.2.2-REQUEST · doubling', 'RFC8415-18.2.2-REQUEST · cap of 30 s', 'DENAT-DHCP6-RATE'],
    warns: ['DENAT-DHCP6-RATE'],
    behavior: request({ growth: 1 }),
  },
  {
    name: 'request-uncapped',
    story: 'REQ_MAX_RT is that of Solicit: the next Request would be sent after an hour.',
    violates: [
      'RFC8415-18.2.2-REQUEST · cap of 30 s',
      'RFC8415-18.2.2-REQUEST · ten times',
      'RFC8415-18.2.2-REQUEST · then another try',
    ],
    behavior: request({ maximum: 3600, rand: [0.05, 0.1] }),
  },
  {
    name: 'request-capped-low',
    story: 'Request is retransmitted every 20 s without end.',
    violates: ['RFC8415-18.2.2-REQUEST · cap of 30 s'],
    behavior: request({ maximum: 20 }),
  },
  {
    name: 'request-given-up',
    story: 'After three Requests the client stops permanently.',
    violates: [
      'RFC8415-18.2.2-REQUEST · cap of 30 s',
      'RFC8415-18.2.2-REQUEST · accepts a late Reply',
      'RFC8415-18.2.2-REQUEST · ten times',
      'RFC8415-18.2.2-REQUEST · then another try',
    ],
    behavior: { ...request({ attempts: 3 }), requestFailedLeadsTo: 'nothing' },
  },
  {
    name: 'renew-again-at-once',
    story: 'A Renew without an answer is retransmitted after a second.',
    violates: ['RFC8415-18.2.4-RENEW · first timeout'],
    behavior: renew({ initial: 1 }),
  },
  ...(['status in each IA', 'status of the message', 'no IA at all'] as const).map(
    (form): Mutant => ({
      name: `accepts-empty-advertise-${form.replaceAll(' ', '-')}`.toLowerCase(),
      story: `An Advertise without a lease (${form}) is followed by a Request.`,
      violates: [
        `RFC8415-18.2.9-EMPTYADV · ${form}`,
        // One without a status, or with one in each IA, is among those that are sent at random.
        ...(form === 'status of the message' ? [] : ['ROB-FUZZ-DHCP6 · Advertise']),
      ],
      behavior: { emptyAdvertise: taken(form, 'accepted') },
    }),
  ),
  {
    // After the others an RA was so near that it may have been the reason.
    name: 'begins-anew-after-empty-advertise-no-ia-at-all',
    story: 'After an Advertise without a lease (no IA at all) the client restarts with Solicit.',
    violates: ['RFC8415-18.2.9-EMPTYADV · no IA at all'],
    behavior: { emptyAdvertise: taken('no IA at all', 'restarts') },
  },
  {
    name: 'waits-nine-seconds-for-a-router',
    story: 'An RA that arrives later than 9 s after the line is up is ignored.',
    violates: ['ROB-ORDER · RA after 10 s', 'RFC7084-WAA-3 · Solicit', 'RFC7084-W-4'],
    behavior: { routerAwaited: (seconds) => seconds <= 9 },
  },
  {
    name: 'news-for-a-quarter-minute',
    story: 'Changes later than 15 s after the boot are announced only in solicited RAs.',
    violates: [
      'DENAT-RA-REFRESH',
      'RFC7084-L-13 · link flap, RA',
      'RFC9096-3.5-WANZERO · lifetime 0, RA',
      'RFC7084-G-5 · Router Lifetime 0',
      'RFC7084-G-5 · line cut',
      'ROB-FLAP · one line cut after the other',
      'RFC8415-18.2.10-ONLAN',
    ],
    warns: ['DENAT-RA-REFRESH', 'RFC7084-L-13 · link flap, RA', 'RFC9096-3.5-WANZERO · lifetime 0, RA'],
    behavior: { changesAnnouncedFor: 15 },
  },
  {
    name: 'request-for-ever',
    story: 'A Request is retransmitted without end.',
    violates: ['RFC8415-18.2.2-REQUEST · ten times', 'RFC8415-18.2.2-REQUEST · then another try'],
    behavior: request({ attempts: 0 }),
  },
  {
    name: 'request-eight-times',
    story: 'After eight Requests the client restarts with Solicit.',
    violates: ['RFC8415-18.2.2-REQUEST · ten times'],
    behavior: request({ attempts: 8 }),
  },
  {
    name: 'request-last',
    story: 'After ten Requests the client stops permanently.',
    violates: ['RFC8415-18.2.2-REQUEST · then another try'],
    behavior: { requestFailedLeadsTo: 'nothing' },
  },
  {
    name: 'sol-max-rt-ignored',
    story: 'SOL_MAX_RT is requested, and ignored.',
    violates: ['RFC8415-21.24-SOLMAXRT · 60', 'RFC8415-18.2.9-EMPTYADV · SOL_MAX_RT applied'],
    behavior: { solMaxRtObeyed: () => false },
  },
  {
    name: 'sol-max-rt-of-advertise-ignored',
    story: 'SOL_MAX_RT of an Advertise without a lease is ignored.',
    violates: ['RFC8415-18.2.9-EMPTYADV · SOL_MAX_RT applied'],
    behavior: { emptyAdvertiseRead: false },
  },
  {
    name: 'sol-max-rt-too-short',
    story: 'A SOL_MAX_RT below a minute is applied.',
    violates: ['RFC8415-21.24-SOLMAXRT · 59'],
    behavior: { solMaxRtObeyed: (value) => value <= 86_400 },
  },
  {
    name: 'sol-max-rt-too-long',
    story: 'A SOL_MAX_RT above a day is treated as the permitted maximum, in minutes.',
    violates: ['RFC8415-21.24-SOLMAXRT · 86401'],
    behavior: { longestSolMaxRt: 60 },
  },
  {
    name: 'decline-for-ever',
    story: 'A Decline is retransmitted without end.',
    violates: ['RFC8415-18.2.8-DECLINE · four times'],
    behavior: decline({ attempts: 0 }),
  },
  {
    name: 'decline-three-times',
    story: 'After three Declines without an answer the client stops, and requests the same address again.',
    violates: ['RFC8415-18.2.8-DECLINE · not given up before', 'RFC8415-18.2.8-DECLINE · address unused'],
    behavior: decline({ attempts: 3 }),
  },
  {
    name: 'release-once',
    story: 'A Release is not retransmitted.',
    violates: ['RFC8415-18.2.7-RELEASE · sent again'],
    silences: ['RFC8415-18.2.7-RELEASE · NoBinding ends it', 'RFC8415-18.2.7-RELEASE · timing'],
    behavior: { releaseTimes: { ...compliant.releaseTimes, attempts: 1 } },
  },
]

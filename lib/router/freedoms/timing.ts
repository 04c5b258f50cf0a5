import { compliant } from '../behavior.ts'
import { type Freedom, notApplicable } from './freedom.ts'

const noTime = 'no document specifies how soon; a delay within the seconds of a real router is no defect'
const spread: [number, number] = [0.05, 0.1]
const rand = 'RFC 9915 section 15: RAND is anything from -0.1 to 0.1, and may be drawn high each time'

/** When things happen. */
export const timing: Freedom[] = [
  { name: 'boots-in-nine-seconds', clause: noTime, behavior: { bootTime: 9 } },
  { name: 'dark-for-three-seconds', clause: noTime, behavior: { resetTime: 3 } },
  { name: 'lan-ports-up-after-ten-seconds', clause: noTime, behavior: { lansStartAfter: 10 } },
  {
    name: 'lan-port-opens-ten-seconds-after-its-cable',
    clause: noTime,
    behavior: { lanPortOpensAfter: 10 },
    warns: notApplicable(
      'where its port loses carrier as well, its DAD messages are lost, and no node learns its addresses',
      'RFC4862-5.4-DAD · LAN address',
      'RFC4862-5.4-DAD · LAN link-local address',
      'RFC4861-7.2.4-DADNS · global address',
      'RFC6092-REC-50 · LAN address',
      'RFC6092-REC-8 · TCP, LAN address',
      'RFC6092-REC-8 · UDP, LAN address',
      'RFC8200-4.4-RH0 · to the LAN address',
    ),
  },
  { name: 'line-noticed-after-two-seconds', clause: noTime, behavior: { lineNoticedAfter: 2 } },
  {
    name: 'ras-handled-every-three-seconds',
    clause: 'RFC 4861 section 6.3.4 specifies how an RA is processed, and not how soon',
    behavior: { rasHandledEvery: 3 },
    warns: {
      'RFC7084-G-5 · Router Lifetime 0': '"immediately" is required, and multicast RAs have a minimum interval as well',
    },
  },
  {
    name: 'exchange-begins-after-three-seconds',
    clause: 'RFC 7084 WPD-4 and WAA-6 name no time; RFC 9915 section 18.2.1',
    behavior: { exchangeBeginsAfter: 3 },
  },
  {
    name: 'prefixes-used-after-three-seconds',
    clause: noTime,
    behavior: { prefixesUsedAfter: 3 },
    warns: {
      'RFC7084-L-13': '"immediately" is required',
      'RFC9096-L-13': '"immediately" is required',
      'RFC9096-3.5-WANZERO': '"at once" is required',
    },
  },
  {
    name: 'lease-timers-late',
    clause: 'RFC 9915 sections 18.2.4 and 18.2.5: at T1 and T2, by whatever clock',
    behavior: { leaseTimersLate: 3 },
    warns: {
      'RFC8415-18.2.4-RENEW': 'T1 and T2 are no later than those of any lease',
      'RFC8415-18.2.5-REBIND': 'T2 as well; and the lease may end before a Rebind that late is sent again',
    },
  },
  {
    name: 't1-no-less-than-six-tenths',
    clause: 'RFC 9915 sections 14.1 and 18.2.4: messages are limited in rate; the lease is renewed in time',
    behavior: {
      leaseTimes: ({ t1, t2 }, preferred) => ({ t1: Math.max(t1, 0.6 * preferred), t2: Math.max(t2, 0.8 * preferred) }),
    },
    warns: {
      'RFC8415-18.2.4-RENEW': 'it comes later than T1',
      'RFC8415-MULTI-IAPREFIX · both forward':
        'the second prefix, which is valid for 20 s, expires before both are advertised',
    },
  },
  { name: 'expiry-noticed-a-second-late', clause: noTime, behavior: { expiryNoticedAfter: 1 } },
  {
    name: 'reconfigure-obeyed-after-a-second',
    clause: 'RFC 9915 section 18.2.11 names no time',
    behavior: { reconfigureObeyedAfter: 1 },
  },
  {
    name: 'dad-of-leased-addresses-delayed',
    clause: 'RFC 4862 section 5.4.2: DAD begins after a random delay of up to a second',
    behavior: { leasedDadDelay: 1 },
  },
  {
    name: 'server-answers-after-0-1-s',
    clause: 'RFC 9915 section 18.3: no time is named',
    behavior: { answersAfter: 0.1 },
  },
  { name: 'settings-apply-after-three-seconds', clause: noTime, behavior: { appliesAfter: 3 } },
  {
    name: 'time-asked-for-after-twenty-seconds',
    clause: 'RFC 5905 section 10: the first poll is spread in time',
    behavior: { timeAskedAfter: { min: 10, max: 20 } },
    warns: { 'RFC7084-WAA-5 · used': 'the time may be asked for only after the next Reply' },
  },
  {
    name: 'renew-timeouts-long',
    clause: rand,
    behavior: { renewTimes: { ...compliant.renewTimes, rand: spread, firstRand: spread } },
  },
  {
    name: 'rebind-timeouts-long',
    clause: rand,
    behavior: { rebindTimes: { ...compliant.rebindTimes, rand: spread, firstRand: spread } },
  },
  {
    name: 'first-rebind-timeouts-long',
    clause: rand,
    behavior: { confirmTimes: { ...compliant.confirmTimes, rand: spread, firstRand: spread } },
  },
  {
    name: 'release-sent-twice',
    clause: 'RFC 9915 section 18.2.7: a client MAY end the retransmission of a Release early',
    behavior: { releaseTimes: { ...compliant.releaseTimes, attempts: 2 } },
    warns: { 'RFC8415-18.2.7-RELEASE · NoBinding ends it': 'the third Release alone is answered so' },
  },
  { name: 'wan-configured-five-seconds-after-the-lans', clause: noTime, behavior: { wanStartsAfter: 5 } },
  { name: 'ports-lose-carrier-once-while-it-boots', clause: noTime, behavior: { portsFlicker: true } },
  { name: 'server-opens-after-four-seconds', clause: noTime, behavior: { serverOpensAfter: 4 } },
  { name: 'forwarding-pauses-for-half-a-second', clause: noTime, behavior: { forwardingPauses: 0.5 } },
  {
    name: 'prefix-told-after-dad-of-the-router',
    clause:
      'RFC 7084 L-13: a change is announced immediately; an address in it is used after DAD (RFC 4862 section 5.4)',
    behavior: { prefixesAdvertised: 'after DAD' },
  },
  { name: 'page-answers-after-eight-seconds', clause: noTime, behavior: { pageAnswersAfter: 8 } },
  { name: 'restarts-three-seconds-after-the-click', clause: noTime, behavior: { restartsAfter: 3 } },
  { name: 'declines-after-a-second', clause: 'RFC 9915 section 18.2.8 names no time', behavior: { declinesAfter: 1 } },
  { name: 'line-loss-noticed-after-five-seconds', clause: noTime, behavior: { lineLossNoticedAfter: 5 } },
  { name: 'forwarding-takes-5-ms', clause: noTime, behavior: { forwardingTakes: 0.005 } },
  {
    name: 'echo-answered-after-50-ms',
    clause: 'RFC 4443 section 4.2 names no time',
    behavior: { echoAnsweredAfter: 0.05 },
  },
  {
    name: 'ula-told-six-seconds-after-boot',
    clause: noTime,
    behavior: { ulaAdvertisedAfter: 6 },
    warns: { 'RFC7084-ULA-3 · former one': 'the user may have set another one before it was announced' },
  },
  {
    name: 'request-follows-after-half-a-second',
    clause: 'RFC 9915 section 18.2.2 names no time',
    behavior: { requestFollowsAfter: 0.5 },
  },
  {
    name: 'information-refreshed-ten-seconds-late',
    clause: 'RFC 9915 section 21.23: by when, by whatever clock; the timer is delayed at random',
    behavior: { informationRefreshedAfter: (received) => Math.max(600, received) + 10 },
  },
  {
    name: 'request-timeouts-long',
    clause: rand,
    behavior: { requestTimes: { ...compliant.requestTimes, rand: spread, firstRand: spread } },
  },
  {
    name: 'information-timeouts-long',
    clause: rand,
    behavior: { informationTimes: { ...compliant.informationTimes, rand: spread, firstRand: spread } },
  },
  {
    name: 'decline-timeouts-long',
    clause: rand,
    behavior: { declineTimes: { ...compliant.declineTimes, rand: spread, firstRand: spread } },
  },
]

import { compliant } from '../behaviour.ts'
import type { Mutant } from './mutant.ts'

/** The life of a lease on the WAN, and what ends it. */
export const clientCourses: Mutant[] = [
  {
    name: 'rebind-again-at-once',
    story: 'An unanswered Rebind is repeated after a second.',
    violates: ['RFC8415-18.2.5-REBIND · first timeout'],
    behaviour: { rebindTimes: { ...compliant.rebindTimes, initial: 1 } },
  },
  {
    name: 'rebind-only-once',
    story: 'After one Rebind without an answer the client solicits, though its leases live on.',
    violates: ['RFC8415-18.2.5-REBIND · first timeout', 'RFC8415-18.2.5-EXPIRE · Rebind until the end'],
    behaviour: { rebindTimes: { ...compliant.rebindTimes, attempts: 1 } },
  },
  {
    name: 'no-discovery-after-expiry',
    story: 'When its leases have ended the client asks nobody any more.',
    violates: ['RFC8415-18.2.5-EXPIRE · Solicit afterwards', 'ROB-FLAP · server silent, new prefix'],
    behaviour: { afterExpiry: 'nothing' },
  },
  {
    name: 'prefix-used-after-expiry',
    story: 'The delegated prefix stays on the LAN when its valid lifetime is over.',
    violates: ['RFC8415-18.2.5-EXPIRE · prefix ends'],
    behaviour: { usedAfterExpiry: 'ia-pd' },
  },
  {
    name: 'address-used-after-expiry',
    story: 'The assigned address is kept when its valid lifetime is over.',
    violates: ['RFC8415-18.2.5-EXPIRE · address ends'],
    behaviour: { usedAfterExpiry: 'ia-na' },
  },
  {
    name: 'refused-request-repeated',
    story: 'A Request that is refused with UnspecFail is repeated as fast as the line carries it.',
    violates: ['RFC8415-14.1-RATE · UnspecFail'],
    behaviour: { afterRefusal: { wait: 0.1, next: 'request' } },
  },
  {
    name: 'refused-request-repeated-often',
    story: 'A Request that is refused with UnspecFail is repeated one and a half times a second.',
    violates: ['RFC8415-14.1-RATE · UnspecFail'],
    behaviour: { afterRefusal: { wait: 0.65, next: 'request' } },
  },
  {
    name: 'preference-255-ignored',
    story: 'Other Advertises are awaited although the first one has preference 255.',
    violates: ['RFC8415-18.2.1-COLLECT · preference 255'],
    behaviour: { preference255AtOnce: false },
  },
  {
    name: 'own-t1-at-once',
    story: 'T1 of 0 is taken for now.',
    violates: ['RFC8415-14.2-T1ZERO · not at once'],
    behaviour: { ownTimes: { t1: 0.01, t2: 0.8 } },
  },
  {
    name: 'own-t1-never',
    story: 'T1 and T2 of 0 are taken for never: the lease ends unrenewed.',
    violates: ['RFC8415-14.2-T1ZERO · before the lease ends'],
    behaviour: { ownTimes: { t1: 1000, t2: 1000 } },
  },
  {
    name: 'confirm-after-cut',
    story: 'When the line is back the client confirms its leases, a prefix among them, by Confirm.',
    violates: ['RFC8415-18.2.12-REBOOT · line was cut'],
    behaviour: { afterLinkChange: 'confirm' },
  },
  {
    name: 'solicit-after-cut',
    story: 'When the line is back the client begins anew.',
    violates: ['RFC8415-18.2.12-REBOOT · line was cut'],
    behaviour: { afterLinkChange: 'solicit' },
  },
  {
    name: 'nothing-after-cut',
    story: 'When the line is back the client takes its leases for granted.',
    violates: ['RFC8415-18.2.12-REBOOT · line was cut'],
    behaviour: { afterLinkChange: 'nothing' },
  },
  {
    name: 'slow-rebind-after-cut',
    story: 'When the line is back Rebind is repeated as at T2, each 10 s.',
    violates: ['RFC8415-18.2.12-REBOOT · timing'],
    behaviour: { confirmTimes: { ...compliant.confirmTimes, initial: 10, maximum: 600, duration: 0 } },
  },
  {
    name: 'fixed-rebind-after-cut',
    story: 'When the line is back Rebind is repeated each second.',
    violates: ['RFC8415-18.2.12-REBOOT · timing'],
    behaviour: { confirmTimes: { ...compliant.confirmTimes, growth: 1 } },
  },
  {
    name: 'unconfirmed-leases-dropped',
    story: 'When the line is back and nobody answers for 10 s, the prefix is thrown away.',
    violates: ['RFC8415-18.2.12-REBOOT · leases kept'],
    behaviour: { unconfirmedLeases: 'dropped' },
  },
  {
    name: 'confirm-after-restart',
    story: 'After a restart the client confirms its leases, a prefix among them, by Confirm.',
    violates: ['RFC8415-18.2.12-REBOOT · restarted'],
    behaviour: { afterReboot: 'confirm' },
  },
  {
    name: 'assigned-address-unchecked',
    story: 'An address that DHCPv6 assigned is used without a look whether it is free.',
    violates: ['RFC8415-18.2.8-DECLINE · DAD'],
    behaviour: { leasedAddressChecked: false },
  },
  {
    name: 'duplicate-not-declined',
    story: 'An address that another node has is not used, but the server is not told.',
    violates: ['RFC8415-18.2.8-DECLINE · Decline'],
    behaviour: { declines: false },
  },
  {
    name: 'decline-slow',
    story: 'A Decline without an answer is repeated after 3 s.',
    violates: ['RFC8415-18.2.8-DECLINE · timing'],
    behaviour: { declineTimes: { ...compliant.declineTimes, initial: 3 } },
  },
  {
    name: 'duplicate-used',
    story: 'An address that another node has is declined, and used nevertheless.',
    violates: ['RFC8415-18.2.8-DECLINE · address unused'],
    behaviour: { declineDrops: 'nothing' },
  },
  {
    name: 'decline-drops-prefix',
    story: 'With a duplicate address the whole lease is given up, the prefix included.',
    violates: ['RFC8415-18.2.8-DECLINE · prefix kept'],
    behaviour: { declineDrops: 'all leases' },
  },
  {
    name: 'first-advertise-taken',
    story: 'The first Advertise is taken, whoever else would answer.',
    violates: ['RFC8415-18.2.1-COLLECT · first timeout'],
    behaviour: { advertisesCollected: false },
  },
  {
    name: 'preference-ignored',
    story: 'Of two Advertises the first is taken, whatever their preference.',
    violates: ['RFC8415-18.2.1-COLLECT · highest preference'],
    behaviour: { highestPreferenceWins: false },
  },
  {
    name: 'released-at-once',
    story: 'The lease is given back before hosts know that the prefix is gone.',
    violates: ['RFC8415-18.2.7-RELEASE · LAN told before'],
    behaviour: { released: 'at once' },
  },
  {
    name: 'release-slow',
    story: 'A Release without an answer is repeated after 2.5 s.',
    violates: ['RFC8415-18.2.7-RELEASE · timing'],
    behaviour: { releaseTimes: { ...compliant.releaseTimes, initial: 2.5 } },
  },
  {
    name: 'release-until-success',
    story: 'A Release goes on although the server knows of no such lease.',
    violates: ['RFC8415-18.2.7-RELEASE · NoBinding ends it'],
    behaviour: { noBindingEndsRelease: false },
  },
]

import {
  type Claim,
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  iaPrefixes,
  type Judgement,
  lastAbout,
  lifetimeSlack,
  on,
  optionsOf,
  pios,
  ra,
  requirement,
  the,
  type Where,
} from 'denat'
import { restart } from '../scenarios/restart.ts'
import { lanPrefixAsked, subLease } from '../scenarios/sub-lease.ts'
import { globals, isUlaPrefix } from '../shared/askers.ts'
import { delegated, leftOf } from '../shared/delegated-leases.ts'
import { keeping, kept } from '../steps/keeps.ts'
import { subDelegated } from '../steps/sub-delegated.ts'

/** Valid prefixes from the delegated prefix in an RA. */
const linkPrefixesIn = (frame: Frame): string[] => {
  const live = pios(frame).filter(({ prefix, validLifetime }) => validLifetime > 0 && !isUlaPrefix(prefix))
  return [...new Set(live.map(({ prefix }) => prefix))].sort()
}

/** The LAN has the same prefix in the last RA before an event and in the first RA after it. */
function samePrefix({ judge, assume }: Evidence, [first, last]: [Frame, Frame], event: Claim, otherwise: string): void {
  const [before, after] = [first, last].map((frame) => linkPrefixesIn(frame).join(', '))
  assume(before !== '', otherwise)
  judge.equal(after, before, claim`The prefix of the LAN when ${event}`, first, last)
}

type When = 'before' | 'routers' | 'renewals' | 'gone'

const isOf =
  (step: When) =>
  ({ when }: { when: When }): boolean =>
    when === step

/** The RAs of two steps with the valid prefixes. */
function atSteps({ lan, at, given }: Evidence, from: When, to: When): [Frame, Frame] {
  const seen = (step: When) => {
    const { advertised, mark } = at(lanPrefixAsked, isOf(step))
    given(advertised, 'RFC7084-L-1')
    const sent = lan.of('host').fromDut.all(ra(), { before: mark })
    return given(lastAbout('prefix-information', sent), 'RFC7084-L-1')
  }
  return [seen(from), seen(to)]
}

const comeAndGo: Judgement = (evidence) => {
  delegated(evidence)
  samePrefix(
    evidence,
    atSteps(evidence, 'before', 'gone'),
    claim`downstream routers have joined and left`,
    'RFC7084-W-4',
  )
}

const isRenewed: Judgement = (evidence) => {
  const { at, wan, given } = evidence
  delegated(evidence)
  const [after, before] = [at(lanPrefixAsked, isOf('routers')).mark, at(lanPrefixAsked, isOf('renewals')).mark]
  const renewal = wan.toDut.first(dhcpv6('reply', { iaPd: { iaPrefix: {} } }), { after, before })
  given(renewal, 'RFC8415-18.2.4-RENEW')
  samePrefix(evidence, atSteps(evidence, 'routers', 'renewals'), claim`the lease has been renewed`, 'RFC9818-LPD-3')
}

const isRebooted: Judgement = (evidence) => {
  const { lan, at, given, every } = evidence
  const ofReboot = ({ kind }: { kind: string }) => kind === 'reboot'
  const { mark: begun } = at(keeping, ofReboot)
  const { mark: over, advertised } = at(kept, ofReboot)
  given(every(subDelegated)[0]?.mark, 'RFC9818-LPD-1')
  given(advertised, 'RFC7084-L-1')
  const last = (where: Where): Frame =>
    given(lastAbout('prefix-information', lan.of('host').fromDut.all(ra(), where)), 'RFC7084-L-1')
  const seen: [Frame, Frame] = [last({ before: begun }), last({ after: begun, before: over })]
  samePrefix(evidence, seen, claim`the router has restarted`, 'RFC7084-W-4')
}

export const requirements = [
  requirement('RFC9818-LPD-3', {
    'routers come and go': on(subLease, comeAndGo),
    renewals: on(subLease, isRenewed),
    reboot: on(restart, isRebooted),
  }),

  requirement('RFC9818-LPD-10', subLease, (evidence) => {
    const { wan, lan, judge, given } = evidence
    delegated(evidence)
    const grants = wan.toDut.all(dhcpv6('reply', { iaPd: { iaPrefix: {} } }))
    given(grants[0], 'RFC7084-W-4')
    const replies = lan.fromDut
      .all(dhcpv6('reply', { iaPd: { iaPrefix: {} } }))
      .filter((frame) => globals(frame).length > 0)
    given(replies[0], 'RFC9818-LPD-1')
    judge.each(
      replies,
      claim`No lifetime on the LAN is longer than the remaining lifetime of the lease on the WAN.`,
      (reply) =>
        iaPrefixes(reply)
          .filter(({ prefix, validLifetime }) => validLifetime > 0 && !isUlaPrefix(prefix))
          .map(({ prefix, preferredLifetime, validLifetime }) => {
            const left = leftOf(grants, prefix, reply)
            return left &&
              (preferredLifetime > left.preferred + lifetimeSlack || validLifetime > left.valid + lifetimeSlack)
              ? claim`${the.prefix(prefix)} for ${preferredLifetime} and ${the.seconds(validLifetime)}, of ${the.decimal(left.preferred, 0)} and ${the.seconds(left.valid, 0)}`
              : undefined
          })
          .find((wrong) => wrong !== undefined),
    )
    judge.each(replies, claim`T1 is not longer than the preferred lifetime.`, (reply) => {
      const late = dhcpv6OptionsOf(reply, 'ia-pd').find(({ t1, ...ia }) => {
        const live = optionsOf(ia, 'ia-prefix').filter(({ validLifetime }) => validLifetime > 0)
        return live.length > 0 && t1 > Math.min(...live.map(({ preferredLifetime }) => preferredLifetime))
      })
      return late && claim`T1 ${late.t1}`
    })
  }),
]

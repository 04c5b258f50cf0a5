import { claim, type Evidence, type Judgement, on, requirement, the } from 'denat'
import { manyHosts } from '../scenarios/full-house.ts'
import { subDelegatedToHost, visit, visitsOver } from '../steps/home-network/hosts.ts'

/** The notice's own figure. */
const floor = 0.8

/** In the worst of the rounds. */
function enoughReach({ judge, at, every }: Evidence, place?: 'LAN'): void {
  const { mark: over } = at(visitsOver)
  const counted = every(visit).filter((one) => place === undefined || one.place === place)
  const rounds = [...new Set(counted.map(({ round }) => round))].map((round) => {
    const visits = counted.filter((one) => one.round === round)
    const failed = visits.filter(({ success }) => !success)
    return { round, visits, failed, rate: 1 - failed.length / visits.length }
  })
  const [worst = undefined] = rounds.sort((a, b) => a.rate - b.rate)
  if (!worst) throw new TypeError('no terminal was tried')
  const reached = worst.visits.filter(({ success }) => success).flatMap(({ syn, answer }) => [syn, answer])
  const looked = [worst.failed[0]?.mark ?? over, ...reached.filter((frame) => frame !== undefined).slice(0, 4)] as const
  const names = the.list(worst.failed.map(({ name }) => name).map((one) => the.name(one)))
  const seen = claim`${the.decimal(100 * worst.rate, 0)} % in round ${worst.round}; without access: ${names}`
  judge.holds(
    worst.rate >= floor,
    claim`In each of ${rounds.length} rounds, at least 80 % of ${worst.visits.length} terminals reach the IPv6 Internet.`,
    seen,
    ...looked,
  )
  judge.goal(worst.rate === 1, claim`All terminals reach the IPv6 Internet.`, seen, ...looked)
}

const allReach: Judgement = (evidence) => {
  const { at, every, given, world, notApplicable } = evidence
  const { mark: over } = at(visitsOver)
  if (world.device.role !== 'gateway') notApplicable(claim`A product in this role need not delegate prefixes.`, over)
  for (const { granting } of every(subDelegatedToHost)) given(granting, 'RFC9818-LPD-1')
  enoughReach(evidence)
}

export const requirements = [
  requirement('DENAT-RATE-80', {
    'on the LAN': on(manyHosts, (evidence) => enoughReach(evidence, 'LAN')),
    'with those behind home routers': on(manyHosts, allReach),
  }),
]

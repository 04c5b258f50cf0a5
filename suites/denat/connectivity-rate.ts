import { requirement } from 'denat'
import { terminals } from '../scenarios/terminals.ts'

/** The notice's own figure. */
const floor = 0.8

requirement('DENAT-RATE-80', terminals, ({ judge, did, marks, framesOf, world }) => {
  const over = did('visits-over')
  // A router that need not hand prefixes on has no terminals behind others.
  const counted = marks('visit').filter(({ data }) => world.device.role === 'gateway' || data?.place === 'LAN')
  const rounds = [...new Set(counted.map(({ data }) => Number(data?.round)))].map((round) => {
    const visits = counted.filter(({ data }) => data?.round === round)
    const failed = visits.filter(({ data }) => data?.success !== true)
    return { round, visits, failed, rate: 1 - failed.length / visits.length }
  })
  const [worst = undefined] = rounds.sort((a, b) => a.rate - b.rate)
  if (!worst) throw new TypeError('no terminal was tried')
  const reached = worst.visits.filter(({ data }) => data?.success === true).flatMap(framesOf)
  const looked = [worst.failed[0] ?? over, ...reached.slice(0, 4)] as const
  const seen = `${(100 * worst.rate).toFixed(0)} % in round ${worst.round}: not ${worst.failed.map(({ data }) => data?.name).join(', ')}`
  judge.holds(
    worst.rate >= floor,
    `At least 80 % of ${worst.visits.length} terminals reach the IPv6 Internet, in each of ${rounds.length} rounds.`,
    seen,
    ...looked,
  )
  judge.goal(worst.rate === 1, 'All of them do.', seen, ...looked)
})

import { requirement } from 'denat'
import { fullHouse } from '../scenarios/full-house.ts'

/** The notice's own figure. */
const floor = 0.8

const everybody = 'with those behind home routers'

requirement(
  'DENAT-RATE-80',
  { cases: { 'on the LAN': fullHouse, [everybody]: fullHouse } },
  ({ case: who, judge, given, did, marks, framesOf, world, notApplicable }) => {
    const over = did('visits-over')
    if (who === everybody) {
      if (world.device.role !== 'gateway') notApplicable('It need not hand prefixes on.', over)
      for (const mark of marks('handed-on')) given(framesOf(mark)[0], 'RFC9818-LPD-1')
    }
    const counted = marks('visit').filter(({ data }) => who === everybody || data?.place === 'LAN')
    const rounds = [...new Set(counted.map(({ data }) => Number(data?.round)))].map((round) => {
      const visits = counted.filter(({ data }) => data?.round === round)
      const failed = visits.filter(({ data }) => data?.success !== true)
      return { round, visits, failed, rate: 1 - failed.length / visits.length }
    })
    const [worst = undefined] = rounds.sort((a, b) => a.rate - b.rate)
    if (!worst) throw new TypeError('no terminal was tried')
    const reached = worst.visits.filter(({ data }) => data?.success === true).flatMap(framesOf)
    const looked = [worst.failed[0] ?? over, ...reached.slice(0, 4)] as const
    const names = worst.failed.map(({ data }) => data?.name).join(', ')
    const seen = `${(100 * worst.rate).toFixed(0)} % in round ${worst.round}: not ${names}`
    judge.holds(
      worst.rate >= floor,
      `At least 80 % of ${worst.visits.length} terminals reach the IPv6 Internet, in each of ${rounds.length} rounds.`,
      seen,
      ...looked,
    )
    judge.goal(worst.rate === 1, 'All of them do.', seen, ...looked)
  },
)

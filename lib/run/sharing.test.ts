import { expect, it } from 'vitest'
import { claim } from '../say/claim.ts'
import { differences, sharing } from './sharing.ts'

const short = ['cold-boot', 'behind-gateway', 'first-answers', 'full-house', 'no-prefix-yet', 'release']

// A sample: `npm run sharing` plays the whole profile.
it('scenarios that share a router are judged as on a router of their own', async () => {
  const { compare } = await sharing(short)
  expect(await compare({})).toEqual({ differ: [], counts: { resets: 1, boots: 2 } })
})

it('what is judged otherwise is listed; more or less to look at is no difference', () => {
  const result = (verdict: 'pass' | 'fail' | 'not-applicable') => ({
    ...{ requirement: 'X-1', case: 'a', scenario: 's', level: 'MUST' as const, because: claim`reason`, frames: [] },
    verdict,
  })
  expect(differences([result('pass')], [result('fail')])).toEqual(['X-1 · a on s: pass -> fail'])
  expect(differences([result('pass')], [result('not-applicable')])).toEqual([])
  expect(differences([], [result('pass')])).toEqual([])
})

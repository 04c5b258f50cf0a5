import { expect, test } from 'vitest'
import { entry } from '../suite/testing.ts'
import { descriptionOf } from './description.ts'

const described = (stimulus: string) =>
  descriptionOf({
    requirement: 'X-1',
    case: '',
    entry: entry({ stimulus, summary: 's', observe: 'o', fails_when: 'f' }),
    verdict: { requirement: 'X-1', case: '', scenario: '', level: 'MUST', verdict: 'pass', because: 'b', frames: [] },
    results: [],
  })

test('who takes part is told by the names that the text uses, and by no others', () => {
  expect(described('DR has H3 behind it; ISP-RA changes.')).toContain(
    'DR, DR2: downstream routers behind the router under test; H3, H4: hosts behind DR and DR2',
  )
  expect(described('DR has H3 behind it.')).not.toContain('INET:')
  expect(described('Nobody.')).not.toContain('Nodes and lines')
})

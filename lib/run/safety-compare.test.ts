import { expect, test } from 'vitest'
import { claim } from '../say/claim.ts'
import type { Result } from '../suite/verdict.ts'
import { differences, safetyVerdicts } from './safety-compare.ts'

const result: Result = {
  requirement: 'X-1',
  case: 'one',
  scenario: 'cold-boot',
  level: 'MUST',
  verdict: 'pass',
  because: claim`it holds`,
  frames: [3],
}
const set = (change: Partial<Result> = {}) => safetyVerdicts(new Map([['router', [{ ...result, ...change }]]]))

test('another wording is no difference; another verdict, cause or frame is', () => {
  expect(differences(set(), set({ because: claim`all is well` }))).toEqual([])
  expect(differences(set(), set({ verdict: 'inconclusive', cause: 'blocked', blockedBy: 'X-2' }))).toEqual([
    'router · X-1 · one · cold-boot: pass, frames 3 → inconclusive, blocked, by X-2, frames 3',
  ])
  expect(differences(set(), set({ frames: [3, 4] }))).toHaveLength(1)
})

test('what one of them lacks is a difference', () => {
  expect(differences(set(), [])).toEqual(['router · X-1 · one · cold-boot: pass, frames 3 → not there'])
})

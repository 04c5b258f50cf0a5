import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { mutants } from '../lab/memory-mutants.ts'
import { render } from '../say/render.ts'
import { claimsIn } from './claims-in-source.ts'
import { violatedKeys } from './kill-matrix.ts'
import { killMatrixPage, totalsLine } from './kill-matrix-page.ts'
import { matrixSeeds, ownMatrix } from './own-matrix.ts'
import { playMatrix } from './play-matrix.ts'
import { loadSuites, ownSuites } from './suites.ts'
import { undecidedClaims } from './undecided-claims.ts'
import { judgedKeys } from './variants.ts'

const suites = await loadSuites()
const [seed = '', another] = matrixSeeds
const rows = playMatrix({ seed, everywhere: false, names: mutants.map(({ name }) => name) })
const { reference } = await ownMatrix(another)

test('the reference router passes all that is judged, whatever its seed', () => {
  const wrong = [...reference].filter(([, { verdict }]) => verdict !== 'pass' && verdict !== 'not-applicable')
  expect(wrong.map(([key, { verdict, because }]) => `${key}: ${verdict} ${render(because)}`)).toEqual([])
  expect([...reference.keys()].sort()).toEqual(judgedKeys(suites))
})

describe('each mutant fails what it violates, and nothing else', () => {
  const titles = mutants.map(({ name, violates }) => [`${name}: ${violates.join(', ')}`, name])
  test.each(titles)('%s', async (_, name = '') => expect((await rows.get(name))?.deviations).toEqual([]))
})

test('each claim of the suites is decided by a mutant, or is on the list of those that are not', async () => {
  const played = await Promise.all(rows.values())
  const decided = new Set(played.flatMap((row) => row.decided))
  const listed = Object.values(undecidedClaims).flat()
  const claims = claimsIn(ownSuites)
  expect(claims.filter((one) => !decided.has(one) && !listed.includes(one))).toEqual([])
  expect(listed.filter((one) => decided.has(one) || !claims.includes(one))).toEqual([])
})

test('every requirement and case is killed by a mutant', () => {
  const killed = new Set(mutants.flatMap((mutant) => violatedKeys(mutant, suites)))
  // What a MAY leaves open can't fail.
  const isMay = (key: string) => {
    const [id = '', name = ''] = key.split(' · ')
    return suites.requirements.get(id)?.cases.get(name)?.level === 'MAY'
  }
  expect(judgedKeys(suites).filter((key) => !killed.has(key) && !isMay(key))).toEqual([])
})

test('mutants have names of their own', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
})

test('reports/kill-matrix.md is up to date: else run `npm run matrix`', async () => {
  const page = readFileSync(new URL('../../reports/kill-matrix.md', import.meta.url), 'utf8')
  expect(page).toBe(killMatrixPage(suites))
})

test('README.md has the totals of the matrix: else run `npm run matrix`', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(`\n${totalsLine(suites)}\n`)
})

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { mutants } from '../lab/memory-mutants.ts'
import { render } from '../say/render.ts'
import { violatedKeys } from './kill-matrix.ts'
import { killMatrixPage, totalsLine } from './kill-matrix-page.ts'
import { matrixSeeds, ownMatrix } from './own-matrix.ts'
import { loadSuites } from './suites.ts'
import { judgedKeys } from './variants.ts'

const suites = await loadSuites()
const { reference } = await ownMatrix(matrixSeeds[1])

// That each mutant fails what it violates, and nothing else, is played in kill-matrix.1 to kill-matrix.4.

test('the reference router passes all that is judged, whatever its seed', () => {
  const wrong = [...reference].filter(([, { verdict }]) => verdict !== 'pass' && verdict !== 'not-applicable')
  expect(wrong.map(([key, { verdict, because }]) => `${key}: ${verdict} ${render(because)}`)).toEqual([])
  expect([...reference.keys()].sort()).toEqual(judgedKeys(suites))
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

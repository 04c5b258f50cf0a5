import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { incompatible } from '../lab/memory-freedoms.ts'
import { allFreedoms } from './freedom-matrix.ts'
import { freedomMatrixPage } from './freedom-matrix-page.ts'
import { ownPopulation } from './own-matrix.ts'
import { missing } from './populations.ts'

// That nothing is said against them is played in freedom-matrix.1 and freedom-matrix.2.

test('freedoms have names of their own', () => {
  expect(new Set(allFreedoms.map(({ name }) => name)).size).toBe(allFreedoms.length)
})

test('what cannot be had together is there', () => {
  const names = new Set(allFreedoms.map(({ name }) => name))
  expect(incompatible.filter(([one, other]) => !names.has(one) || !names.has(other))).toEqual([])
})

test('of 1,000 routers that are drawn each pair of freedoms that go together is had by one', () => {
  expect(missing(allFreedoms, ownPopulation(1000))).toEqual([])
})

test('reports/freedom-matrix.md is up to date: else run `npm run freedoms`', () => {
  expect(readFileSync(new URL('../../reports/freedom-matrix.md', import.meta.url), 'utf8')).toBe(freedomMatrixPage())
})

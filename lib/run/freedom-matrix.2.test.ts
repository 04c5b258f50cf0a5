import { describe, expect, test } from 'vitest'
import { halfOfOwnFreedoms } from './own-matrix.ts'

/** Milliseconds: a router is played through all scenarios in seconds, unless the machine has much else to do. */
const timeout = 300_000
const { freedoms, routers, firstChange, alarms } = await halfOfOwnFreedoms(1)

test.each(freedoms)('%s: it can be seen', { timeout }, async (_, { behavior }) => {
  expect(await firstChange(behavior)).toEqual(expect.any(String))
})

describe('nothing is said against a router that draws all freedoms at random', () => {
  test.each(routers)('%s', { timeout }, async (_, router) => expect(await alarms(router)).toEqual([]))
})

import { expect, test } from 'vitest'
import { loadScenarios } from './suites.ts'

const idle = 'what rests is its subject'
const packets = 'what the router says, or lets through, is its subject, packet by packet'
const neighbors = 'what the router knows of its neighbors, or of its own addresses, is its subject'
const nothingToUse = 'for most of it the LAN has no prefix of the line'
const endsThem = 'the prefix is given back, or all settings, by intention'
const short = 'it ends soon after the LAN is online'

/** Scenarios beside which no flow is in use, and why. */
const silent: Record<string, string> = {
  'long-sessions': idle,
  'lan-services': packets,
  transit: packets,
  firewall: packets,
  'idle-connections': idle,
  'quiet-lan': idle,
  'duplicate-address': neighbors,
  'duplicate-addresses': neighbors,
  'two-routers': neighbors,
  'first-answers': nothingToUse,
  'no-prefix': nothingToUse,
  'no-prefix-yet': nothingToUse,
  patience: nothingToUse,
  'silent-server': nothingToUse,
  'sol-max-rt': nothingToUse,
  'stateless-line': nothingToUse,
  'unanswered-request': nothingToUse,
  release: endsThem,
  'web-ui-ipv6-switch': endsThem,
  'web-ui-reset': endsThem,
  'behind-gateway': short,
  'cold-boot': short,
}

const scenarios = await loadScenarios()

test('flows are in use beside each scenario but those that say why not', () => {
  const without = [...scenarios.values()].filter(({ play }) => !('accompanied' in play)).map(({ name }) => name)
  expect(without.sort()).toEqual(Object.keys(silent).sort())
})

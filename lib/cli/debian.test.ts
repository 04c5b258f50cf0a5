import { expect, test } from 'vitest'
import { missingDebianPackages, parseInstalled, softwareOf } from './debian.mjs'

const nothing = () => false

test('only what dpkg calls installed counts', () => {
  const listing = 'bird2 installed\nradvd config-files\nkea-dhcp6-server half-configured\ndefault-jre-headless \n'
  expect(parseInstalled(listing)).toEqual(new Set(['bird2']))
})

test('missing packages are named once, in order', () => {
  const wanted = ['nftables', 'bird2', 'chromium', 'bird2']
  expect(missingDebianPackages(wanted, new Set(['chromium']), nothing)).toEqual(['bird2', 'nftables'])
  expect(missingDebianPackages(wanted, new Set(wanted), nothing)).toEqual([])
})

test('a Java from elsewhere will do', () => {
  const wanted = ['default-jre-headless', 'bird2']
  expect(missingDebianPackages(wanted, new Set(), (command) => command === 'java')).toEqual(['bird2'])
  expect(missingDebianPackages(wanted, new Set(), nothing)).toEqual(['bird2', 'default-jre-headless'])
})

test.each([
  ['software: ./router.sh', './router.sh'],
  ["product: x\nsoftware: 'router.sh' # ours", 'router.sh'],
  ['product: x', undefined],
  ['other:\n  software: nested', undefined],
])('the software of %j', (yaml, software) => {
  expect(softwareOf(yaml)).toBe(software)
})

import { expect, test } from 'vitest'
import { labProblem, missingPackages, nodeProblem, unsupported } from './prerequisites.mjs'

test.each(['20.19.0', '20.20.2', '22.0.0', '24.21.0'])('Node %s will do', (version) => {
  expect(nodeProblem(version)).toBeUndefined()
})

test.each(['18.20.4', '20.18.1'])('Node %s is too old, and the message says what to do', (version) => {
  expect(nodeProblem(version)).toMatch(/20\.19 or newer .* https:/)
})

test('packages are missing when absent or of another version, not when optional', () => {
  const lock = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/@s/b': { version: '1.0.0' },
      'node_modules/a/node_modules/c': { version: '1.0.0', dev: true },
      'node_modules/other-platform': { version: '1.0.0', optional: true },
    },
  }
  const installed = { packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/@s/b': { version: '0.9.0' } } }
  expect(missingPackages(lock, installed, { dev: false })).toEqual(['@s/b'])
  expect(missingPackages(lock, installed, { dev: true })).toEqual(['@s/b', 'c'])
  expect(missingPackages(lock, undefined, { dev: true })).toEqual(['a', '@s/b', 'c'])
})

test('a lab needs Linux, root, Debian and leave to make namespaces, in this order', () => {
  const debian = { platform: 'linux', uid: 0, apt: true, unshare: () => true } as const
  expect(labProblem(debian)).toBeUndefined()
  expect(labProblem({ ...debian, unshare: () => false })).toMatch(/--privileged/)
  expect(labProblem({ ...debian, apt: false, unshare: () => false })).toMatch(/Debian 13 or 12/)
  expect(labProblem({ ...debian, uid: 1000, apt: false })).toMatch(/as root/)
  expect(labProblem({ ...debian, platform: 'darwin', uid: 1000 })).toMatch(/Linux/)
})

test.each([
  ['24.9.0', 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nID=debian\n', []],
  ['22.23.3', 'ID=debian\nVERSION_ID="12"\n', []],
  ['20.20.2', 'ID=debian\nVERSION_ID="12"\n', [/^Node 20\.20\.2 has reached its end of life/]],
  ['23.1.0', '', [/^Node 23\.1\.0 is not supported/]],
  [
    '24.9.0',
    'PRETTY_NAME="Ubuntu 24.04 LTS"\nID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n',
    [/^Ubuntu 24\.04 LTS is not supported/],
  ],
])('with Node %s on %j what is not supported is named', (node, system, names) => {
  expect(unsupported({ node, system })).toEqual(names.map((name) => expect.stringMatching(name)))
})

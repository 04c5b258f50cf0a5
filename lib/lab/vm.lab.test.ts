import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { buildGuest, isGuestBuilt } from '../cli/guest.mjs'
import { netnsNames } from '../link/network-namespace.ts'
import { readDevice } from './device.ts'
import { qemu } from './power/machine.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

// `setup.mjs test` says so where it is left out.
test.runIf(existsSync(qemu))('the demo router in a virtual machine is judged as in a namespace', () => {
  if (!isGuestBuilt()) buildGuest()
  const folder = mkdtempSync(join(tmpdir(), 'denat-vm-'))
  const before = netnsNames()
  try {
    const given = [
      'run',
      path('../../labs/debian-vm.yaml'),
      '--no-report',
      '--out',
      join(folder, 'run'),
      '--only',
      'first-answers',
    ]
    const { status, stdout, stderr } = spawnSync(process.execPath, [path('../cli/denat.mjs'), ...given], {
      encoding: 'utf8',
    })
    expect([0, 1, 2], stdout + stderr).toContain(status)
    const { known } = readDevice(path('../../labs/devices/debian'))
    const lines = readFileSync(join(folder, 'run/results.jsonl'), 'utf8').trim().split('\n')
    const unknown = lines
      .map((line) => JSON.parse(line) as { requirement: string; case: string; verdict: string })
      // A loaded machine leaves verdicts open.
      .filter(({ verdict }) => ['fail', 'warn'].includes(verdict))
      .filter((one) => !known.some((entry) => entry.requirement === one.requirement && entry.case === one.case))
    expect(unknown).toEqual([])
    expect(netnsNames()).toEqual(before)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

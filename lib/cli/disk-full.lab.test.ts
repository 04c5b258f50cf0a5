import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const denat = `"${process.execPath}" lib/cli/denat.mjs`

test('a full disk ends a run in order: what has landed stays, the rest is run when there is space', () => {
  const folder = mkdtempSync(join(tmpdir(), 'denat-full-'))
  const run = join(folder, 'run')
  try {
    // In a mount namespace of its own: the file system goes with its last process.
    const { stdout, stderr } = spawnSync(
      'unshare',
      [
        '--mount',
        'sh',
        '-c',
        `mount -t tmpfs -o size=900k none ${folder}
        ${denat} run labs/memory.yaml --only cold-boot firewall full-house --seed a --no-report --out ${run}
        echo "exit $?"
        ls ${run}/recordings
        mount -o remount,size=20m ${folder}
        ${denat} run --resume ${run} --no-report
        echo "exit $?"
        cd ${run} && sha256sum --check --quiet SHA256SUMS && echo whole`,
      ],
      { cwd: repository, encoding: 'utf8' },
    )
    expect(stderr).toMatch(
      /denat: no space is left for \S+\/run, which needs about \d+ MB more\n {2}kept in .*: [12] of 3/,
    )
    expect(stderr).not.toContain('a bug of denat')
    expect(stdout).toMatch(/exit 2\n(?:cold-boot|firewall)\n/)
    expect(stdout).toMatch(/exit 0\nwhole\n$/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

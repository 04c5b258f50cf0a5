import { execFileSync, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { waitsForCpu } from './health.ts'

const netns = `dh${process.pid % 100_000}`

test('processes in the namespace that wait for a CPU are seen, others are not', async () => {
  execFileSync('ip', ['netns', 'add', netns])
  const spin = ['-c', 'while :; do :; done']
  // Twice as many as there are CPUs: each waits half of the time, however slow the machine is.
  const crowd = Array.from({ length: 2 * availableParallelism() }, () =>
    spawn('ip', ['netns', 'exec', netns, 'sh', ...spin], { stdio: 'ignore' }),
  )
  try {
    const waited = waitsForCpu(netns)
    // It is theirs once they have entered; the first call only sees where they stand.
    let longest = 0
    while (longest < 0.05) {
      await new Promise((resolve) => setTimeout(resolve, 300))
      longest = waited()
    }
    expect(longest).toBeGreaterThan(0.05)
  } finally {
    await Promise.all(
      crowd.map((child) => new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGKILL'))),
    )
    execFileSync('ip', ['netns', 'delete', netns])
  }
})

import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { labProblem } from './lib/cli/prerequisites.mjs'

const lab = {
  name: 'lab',
  include: ['**/*.lab.test.ts'],
  // One machine: labs in parallel would share its two cores, and take each other's time for the router's.
  fileParallelism: false,
  // After the unit tests, for the same reason.
  sequence: { groupOrder: 1 },
  // What is waited for has its own limits, where it has any: this one ends what hangs.
  testTimeout: 600_000,
  hookTimeout: 600_000,
}

const unit = {
  name: 'unit',
  include: ['**/*.test.ts'],
  exclude: ['**/*.lab.test.ts', '**/node_modules/**'],
  // No test asserts how fast it is; a machine with much else to do is no failure.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  // A play makes many objects that die young: with more room for them, a seventh of its time goes.
  execArgv: ['--max-semi-space-size=64'],
  // Vitest leaves one core free, which is half of two.
  maxWorkers: availableParallelism(),
}

export default defineConfig({
  test: {
    projects: [
      { test: unit },
      // What is left out here, `setup.mjs test` says aloud.
      ...(labProblem() ? [] : [{ test: lab }]),
    ],
    coverage: {
      provider: 'v8',
      include: ['lib/wire/**', 'lib/recording/**', 'lib/suite/**'],
      exclude: ['**/*.test.ts', '**/*.bench.ts'],
      reporter: ['text', 'html'],
    },
  },
})

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { main } from './main.ts'

const output: string[] = []
beforeEach(() => {
  output.length = 0
  const collect = (...words: unknown[]) => {
    output.push(words.join(' '))
    return true
  }
  for (const method of ['log', 'error'] as const) vi.spyOn(console, method).mockImplementation(collect)
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation(collect)
})
afterEach(() => vi.restoreAllMocks())

it.each([
  [['rum'], /unknown command 'rum'/],
  [['run', 'labs/debian.yaml', '--fast'], /unknown option '--fast'/],
  [['run'], /^denat: run: needs a lab file, or --resume RUN without one/],
  [['run', 'labs/memory.yaml', '--resume', 'labs'], /^denat: run: needs a lab file, or --resume RUN without one/],
  [['run', 'labs/physical.yaml', '--labs', '2'], /^denat: --labs: .*physical.yaml has one router/],
  [['run', '--resume', 'labs'], /^denat: .*labs: is no run folder/],
  [['run', '--resume', 'labs', '--repeat', '2'], /'--resume <run>' cannot be used with option '--repeat <times>'/],
  [['run', 'labs/debian.yaml', '--profile', 'quick'], /Allowed choices are default, full/],
  [['run', 'nowhere.yaml'], /^denat: .*nowhere.yaml: cannot be read \(ENOENT\)\n +→ name a lab file/],
  [
    ['run', 'labs/memory.yaml', '--only', 'cold-bot'],
    /^denat: "cold-bot" is neither a scenario nor a judged requirement/,
  ],
  [['run', 'labs/memory.yaml', '--no-report', '--out', 'labs'], /^denat: .*labs: is not empty\n +→ name a folder/],
  [['run', 'labs/memory.yaml', '--no-report', '--out', 'package.json'], /package.json: cannot be written/],
  [['compare'], /missing required argument 'runs'/],
  [['judge', 'labs'], /^denat: .*labs: is no run folder/],
  [[], /Usage: denat/],
])('%j could not start, and says why once', async (argv, message) => {
  expect(await main(argv)).toBe(3)
  expect(output.filter((text) => message.test(text))).toHaveLength(1)
  expect(output.join('\n')).not.toMatch(/\n +at /)
})

it.each([['--help'], ['--version'], ['run --help']])('%s is no error', async (argv) => {
  expect(await main(argv.split(' '))).toBe(0)
})

import { afterEach, expect, test, vi } from 'vitest'
import { colored, complain, print } from './terminal.ts'

const isTTY = process.stdout.isTTY
afterEach(() => {
  process.stdout.isTTY = isTTY
  vi.restoreAllMocks()
})

function printed(act: () => void): string {
  const lines: string[] = []
  for (const way of ['log', 'error'] as const) vi.spyOn(console, way).mockImplementation((line) => lines.push(line))
  act()
  return lines.join('\n')
}

test('escape sequences and overrides of the direction are shown by their numbers, our colors stay', () => {
  process.stdout.isTTY = true
  const foreign = '\u001b[31mred\u001b]0;title\u0007\u009b1A\u202eabc\u2028'
  expect(printed(() => print(`${colored('pass', 32)} ${foreign}`))).toBe(
    '\u001b[32mpass\u001b[0m \\u{1b}[31mred\\u{1b}]0;title\\u{7}\\u{9b}1A\\u{202e}abc\\u{2028}',
  )
  expect(printed(() => complain(foreign))).not.toMatch(/(?!\n)\p{C}/u)
})

test('a text that guesses at a color has none', () => {
  process.stdout.isTTY = true
  const key = /^(.*)31;/.exec(colored('', 31))?.[1] ?? ''
  expect(key.length).toBeGreaterThan(30)
  const guess = `${key.slice(0, -1)}z31;red`
  expect(printed(() => print(guess))).toBe(guess)
})

test('no color where standard output is no terminal', () => {
  process.stdout.isTTY = false
  expect(colored('pass', 32)).toBe('pass')
})

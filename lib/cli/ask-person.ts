import { createInterface } from 'node:readline'
import type { AskPerson } from '../lab/power/manual.ts'
import { colored, complain, print } from './terminal.ts'

/** How often the seconds that are left are printed. */
const step = 30

/** Asks the person at the terminal, one question at a time. */
export const askPerson: AskPerson = (what, seconds) =>
  new Promise((resolve, reject) => {
    const input = createInterface({ input: process.stdin })
    let left = seconds
    print(`\n${colored(what, 33)}\n  Enter: done; "no" and Enter: it cannot be done; ${left} s are left`)
    const end = (settle: () => void) => {
      clearInterval(timer)
      // Closing it is an event as well: the first outcome counts.
      settle()
      input.close()
    }
    const timer = setInterval(() => {
      left -= step
      if (left > 0) print(`  ${left} s are left`)
      else
        end(() => {
          complain(`there was no answer within ${seconds} s`)
          reject(new Error('there was no answer'))
        })
    }, step * 1000)
    input.once('line', (line) => end(() => resolve(!/^\s*n/i.test(line))))
    input.once('close', () => end(() => reject(new Error('the terminal was closed'))))
  })

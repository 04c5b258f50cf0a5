import { createInterface } from 'node:readline'
import { InputError } from '../lab/input-error.ts'
import { print } from './terminal.ts'

/** What is wrong with an answer; undefined where nothing is. */
export type Flaw = (answer: string | undefined) => string | undefined

export interface Questions {
  /** Asks again until the answer has no flaw; an empty answer is the usual one. */
  ask(question: string, usual?: string, flawOf?: Flaw): Promise<string>
  close(): void
}

/** Questions of a command to the person at the terminal. A terminal that is closed ends it with `InputError`. */
export function questions(command: string): Questions {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const closed = new Promise<never>((_, refuse) =>
    terminal.once('close', () =>
      refuse(new InputError(command, 'the terminal was closed', 'nothing was written: begin again')),
    ),
  )
  // It may be closed where no question is open: the next one is refused then.
  closed.catch(() => {})
  const once = (question: string, usual: string) =>
    new Promise<string>((done) =>
      terminal.question(`${question}${usual ? ` [${usual}]` : ''}: `, (answer) => done(answer.trim() || usual)),
    )
  return {
    async ask(question, usual = '', flawOf = () => undefined) {
      for (;;) {
        const answer = await Promise.race([closed, once(question, usual)])
        const flaw = flawOf(answer)
        if (flaw === undefined) return answer
        print(`  ${flaw}`)
      }
    },
    close: () => terminal.close(),
  }
}

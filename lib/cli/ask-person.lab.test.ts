import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** A person at a pseudo-terminal, who types this once the question is there. */
function person(types: string, seconds = 60): Promise<string> {
  const asks = `import(${JSON.stringify(path('ask-person.ts'))})
    .then(({ askPerson }) => askPerson('Take the power away from the router.', ${seconds}))
    .then((done) => console.log(done ? 'DONE' : 'NOT DONE'), (error) => console.log('REFUSED', error.message))`
  const program = JSON.stringify([process.execPath, '--import', path('register.mjs'), '-e', asks])
  const child = spawn('python3', ['-c', `import json, pty, sys; pty.spawn(json.loads(sys.argv[1]))`, program])
  return new Promise((resolve) => {
    let said = ''
    let typed = false
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (typed || !said.includes('Enter: done')) return
      typed = true
      child.stdin.write(types)
    })
    child.on('exit', () => resolve(said))
  })
}

test('a person at a terminal does what is asked, or cannot', async () => {
  expect(await person('\n')).toMatch(/Take the power away from the router\..*60 s are left.*\nDONE/s)
  expect(await person('no\n')).toMatch(/NOT DONE/)
})

test('a terminal that is closed is no answer', async () => {
  expect(await person('\u0004')).toMatch(/REFUSED the terminal was closed/)
})

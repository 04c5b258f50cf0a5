import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Seconds that the router's process has to start in. */
const patience = 30

const [order = '', name = ''] = process.argv.slice(2)
const folder = process.env.DUT_PID_ROOT ?? '/run/duts'
const socket = join(folder, `${name}.reference`)
const log = `${socket}.log`
let ended = false

/** What the router's process answers; undefined where there is none. */
const ask = () =>
  new Promise<string | undefined>((resolve) => {
    let output = ''
    connect(socket)
      .on('error', () => resolve(undefined))
      .on('data', (chunk) => {
        output += String(chunk)
      })
      .on('end', () => resolve(output))
      .end(order)
  })

function start(): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  rmSync(socket, { force: true })
  // Inside the namespace: it ends with all that runs there.
  const inside = [
    'netns',
    'exec',
    name,
    process.execPath,
    '--import',
    '../../../lib/cli/register.mjs',
    '../../../lib/lab/power/reference-process.ts',
    socket,
  ]
  const child = spawn('ip', inside, { detached: true, stdio: ['ignore', 'ignore', openSync(log, 'w')] })
  child.on('exit', () => {
    ended = true
  })
  child.unref()
}

let answer = await ask()
if (answer === undefined && (order === 'up' || order === 'reboot')) {
  start()
  for (let waited = 0; waited < patience && !ended && !existsSync(socket); waited += 0.1) await sleep(100)
  answer = await ask()
  if (answer === undefined)
    answer = `the router's process did not start: ${readFileSync(log, 'utf8').trim() || `waited ${patience} s`}`
}
// What does not run needs no power cut.
if (answer) {
  console.error(answer)
  process.exit(1)
}

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
const tell = () =>
  new Promise<string | undefined>((resolve) => {
    let said = ''
    connect(socket)
      .on('error', () => resolve(undefined))
      .on('data', (chunk) => {
        said += String(chunk)
      })
      .on('end', () => resolve(said))
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

let said = await tell()
if (said === undefined && (order === 'up' || order === 'reboot')) {
  start()
  for (let waited = 0; waited < patience && !ended && !existsSync(socket); waited += 0.1) await sleep(100)
  said = await tell()
  if (said === undefined)
    said = `the router's process did not start: ${readFileSync(log, 'utf8').trim() || `waited ${patience} s`}`
}
// What does not run needs no power cut.
if (said) {
  console.error(said)
  process.exit(1)
}

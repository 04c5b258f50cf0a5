/** What touches the machine: processes, kernel settings, the daemons' control sockets. */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'

export const log = (/** @type {string} */ text) => console.log(`${process.uptime().toFixed(2)} ${text}`)

/** @param {string[]} command @param {string} [input] @param {{ quiet?: boolean }} [options] @returns {Promise<string>} what it printed; failure is logged, not thrown */
export function run(command, input = '', { quiet = false } = {}) {
  return new Promise((resolve) => {
    const [file = '', ...rest] = command
    const child = spawn(file, rest)
    let out = ''
    let err = ''
    child.stdout.on('data', (data) => {
      out += data
    })
    child.stderr.on('data', (data) => {
      err += data
    })
    child.on('error', (error) => {
      err += error.message
    })
    child.on('close', (code) => {
      if (code !== 0 && !quiet) log(`${command.join(' ')}: ${err.trim()}`)
      resolve(out)
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}

/** Runs a command that has to succeed. Throws with what it printed. @param {string[]} command */
export const mustRun = ([file = '', ...rest]) => execFileSync(file, rest, { stdio: ['ignore', 'ignore', 'pipe'] })

/** @param {string[]} lines for `ip -batch` */
export const ip = (lines) =>
  lines.length > 0 ? run(['ip', '-force', '-batch', '-'], `${lines.join('\n')}\n`) : Promise.resolve('')

/** @param {string} key such as `net/ipv4/ip_forward` @param {number} value */
export function sysctl(key, value) {
  try {
    writeFileSync(`/proc/sys/${key}`, String(value))
  } catch (error) {
    log(`sysctl ${key}: ${/** @type {Error} */ (error).message}`)
  }
}

/**
 * A process that has to run until it is stopped.
 * @param {string} name @param {string[]} command @param {Record<string, string>} [env]
 */
export function daemon(name, command, env = {}) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  let wanted = false
  let endings = 0
  /** @type {() => void} */
  let gone = () => {}
  const start = () => {
    wanted = true
    if (child) return
    const [file = '', ...rest] = command
    const output = openSync(`/run/log.${name}`, 'a')
    child = spawn(file, rest, { stdio: ['ignore', output, output], env: { ...process.env, ...env } })
    const ended = () => {
      child = undefined
      gone()
      if (!wanted) return
      endings++
      log(`${name} ended, started again`)
      setTimeout(() => wanted && start(), 500)
    }
    child.on('exit', ended)
    child.on('error', (error) => log(`${name}: ${error.message}`))
  }
  return {
    start,
    /**
     * At boot: resolves when it is up, or still runs after 5 s. Throws with the last lines of its log when it has ended.
     * @param {string} sign a file that it makes when it is up
     */
    async isUp(sign) {
      for (let tries = 0; wanted && tries < 250 && !existsSync(sign); tries++) {
        if (endings > 0)
          throw new Error(
            `${name} does not start:\n${readFileSync(`/run/log.${name}`, 'utf8').trim().split('\n').slice(-3).join('\n')}`,
          )
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    /** Resolves when it has ended; it is killed when it takes longer than that. */
    async stop(seconds = 2) {
      wanted = false
      const running = child
      if (!running) return
      const end = new Promise((resolve) => {
        gone = () => resolve(undefined)
      })
      running.kill('SIGTERM')
      const timer = setTimeout(() => running.kill('SIGKILL'), seconds * 1000)
      await end
      clearTimeout(timer)
    },
    running: () => child !== undefined,
  }
}

/**
 * Says something to a daemon's control socket. Resolves with what it answered, undefined when there is no socket yet.
 * @param {string} path @param {string} text @param {(answer: string) => boolean} complete
 * @returns {Promise<string | undefined>}
 */
export function ask(path, text, complete) {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    let answer = ''
    socket.setTimeout(5000, () => socket.destroy())
    socket.on('connect', () => socket.write(text))
    socket.on('data', (data) => {
      answer += data
      if (complete(answer)) socket.end()
    })
    socket.on('error', () => resolve(undefined))
    socket.on('close', () => resolve(answer === '' ? undefined : answer))
  })
}

/**
 * Hands a daemon its configuration, the newest only, as soon as it listens.
 * @param {(config: string) => Promise<boolean>} hand true when the daemon has taken it
 */
export function feeder(hand) {
  let wanted = ''
  let taken = ''
  let queue = Promise.resolve()
  async function work() {
    for (let tries = 0; wanted !== taken && tries < 100; tries++) {
      const config = wanted
      if (await hand(config)) taken = config
      else await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  return {
    /** @param {string} config */
    feed(config) {
      wanted = config
      queue = queue.then(work)
      return queue
    },
    /** The daemon was, or will be, started with this configuration. @param {string} config */
    assume(config) {
      wanted = config
      taken = config
    },
  }
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { realClock } from '../../time/real-clock.ts'
import { boxPower } from './box.ts'
import { commissionSchema } from './commission.ts'
import { driverSchema, driversOf, plugOf, secretsOf, withPathsFrom } from './driver.ts'

const clock = realClock()
let folder = ''
const box = (power: object, more: { reset?: object; environment?: NodeJS.ProcessEnv; answers?: boolean[] } = {}) => {
  const asked: string[] = []
  const { answers = [] } = more
  const opened = boxPower({
    clock,
    environment: { ...process.env, ...more.environment },
    power: driverSchema.parse(power),
    ...(more.reset && { reset: driverSchema.parse(more.reset) }),
    within: (command) => ['env', 'WITHIN=lan', ...command],
    askPerson: async (what) => {
      asked.push(what)
      return answers.shift() ?? true
    },
  })
  return { ...opened, asked }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-box-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('programs', () => {
  it('carry out each order, and a restart is off and on where there is none', async () => {
    const log = join(folder, 'log')
    const program = (word: string) => ['sh', '-c', `echo ${word} >> ${log}`]
    const { power } = box({ command: { on: program('on'), off: program('off'), reset: program('reset') } })
    await power.reboot()
    expect(await power.reset()).toBe('off')
    expect(readFileSync(log, 'utf8')).toBe('off\non\nreset\n')
  })

  it('say what went wrong, and end in time', async () => {
    const command = { on: ['sh', '-c', 'echo no relay; exit 3'], reset: ['sleep', '60'], patience: 0.2 }
    const { power } = box({ command })
    await expect(power.on()).rejects.toThrow('`on` ended with exit code 3: no relay')
    await expect(power.reset()).rejects.toThrow('`reset` did not end within 0.2 s and was killed')
    expect(power.cut).toBeUndefined()
    await expect(power.reboot()).rejects.toThrow('the power driver cannot restart the router')
  })
})

describe('a plug with HTTP', () => {
  let server: Server
  let url = ''
  const seen: string[] = []
  beforeEach(async () => {
    server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`)
      if (request.url === '/hangs') return
      if (request.url === '/closes') return void request.socket.destroy()
      if (request.url === '/elsewhere') response.setHeader('location', `${url}/on`)
      response.statusCode = { '/broken': 500, '/elsewhere': 302 }[request.url ?? ''] ?? 200
      response.end('state: ON')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
    seen.length = 0
  })
  const plug = (on: object, patience = 20) =>
    box({ http: { on, off: { url: `${url}/off` }, patience } }, { environment: { TOKEN: 's3cret' } }).power

  it('is switched, with credentials out of the environment', async () => {
    const on = {
      url: `${url}/on`,
      method: 'POST',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a user's
      headers: { authorization: 'Bearer ${TOKEN}' },
      expect: { text: 'ON' },
    }
    const power = plug(on)
    await power.on()
    await power.cut?.()
    expect(seen).toEqual(['POST /on Bearer s3cret', 'GET /off '])
    expect(secretsOf(driverSchema.parse({ http: { on, off: on } }))).toContain('TOKEN')
  })

  it.each([
    ['/broken', {}, /was answered with status 500, expected 200$/],
    ['/elsewhere', {}, /was answered with status 302, expected 200$/],
    ['/on', { text: 'state: OFF' }, /was answered without the text "state: OFF"$/],
    ['/closes', {}, /failed: .+/],
  ])('that answers %s wrongly is named', async (path, expected, message) => {
    await expect(plug({ url: `${url}${path}`, expect: expected }).on()).rejects.toThrow(message)
  })

  it('that hangs is given up, and its message has no credential', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a user's
    const power = plug({ url: `${url}/hangs`, headers: { x: '${TOKEN}' } }, 0.2)
    await expect(power.on()).rejects.toThrow(/^GET .*\/hangs of the power driver failed: no answer within 0.2 s$/)
  })
})

it('a shell on the router is reached over the LAN, and can not cut the power', async () => {
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\necho "$WITHIN $@" > ${folder}/said\n`, { mode: 0o755 })
  const ssh = { host: '192.168.1.1', reset: 'firstboot -y && reboot' }
  const { power } = box({ ssh }, { environment: { PATH: `${folder}:${process.env.PATH}` } })
  expect(await power.reset()).toBe('booting')
  expect(readFileSync(join(folder, 'said'), 'utf8')).toMatch(
    /^lan .*BatchMode=yes .*-l root -- 192.168.1.1 firstboot -y && reboot\n$/,
  )
  expect(power.cut).toBeUndefined()
  expect(power.throughLan).toBe(true)
})

it('a reset over the LAN begins with power, and is tried again until the router can be reached', async () => {
  writeFileSync(
    join(folder, 'ssh'),
    `#!/bin/sh\n[ -e ${folder}/up ] || { touch ${folder}/up; exit 255; }\necho reset >> ${folder}/log\n`,
    { mode: 0o755 },
  )
  const program = (word: string) => ['sh', '-c', `echo ${word} >> ${folder}/log`]
  const { power } = box(
    { command: { on: program('on'), off: program('off') } },
    {
      reset: { ssh: { host: '192.168.1.1', reset: 'firstboot' } },
      environment: { PATH: `${folder}:${process.env.PATH}` },
    },
  )
  expect(await power.reset()).toBe('booting')
  await power.cut?.()
  expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('on\nreset\noff\n')
})

it('a person is asked, and may not be able to', async () => {
  const { power, asked } = box({ manual: {} }, { answers: [true, false] })
  await power.on()
  await expect(power.reset()).rejects.toThrow(/^the person at the terminal could not: Reset the router/)
  expect(asked[0]).toMatch(/^Give the router power/)
})

it('the lab file wins over the device folder, and a person is asked where neither names a driver', () => {
  const [one, two] = [driverSchema.parse({ 'web-ui': {} }), driverSchema.parse({ command: { reset: ['x'] } })]
  expect(driversOf({ power: one }, { power: two })).toEqual({ power: one, reset: one })
  expect(driversOf({}, { power: two, resetBy: one })).toEqual({ power: two, reset: one })
  expect(Object.keys(driversOf({}, {}).power)).toEqual(['manual'])
})

it('more than one driver under one key is refused', () => {
  expect(driverSchema.safeParse({ manual: {}, 'web-ui': {} }).error?.issues[0]?.message).toMatch(/^expected one driver/)
})

it('has one plug in all lab files that switch it the same way', () => {
  const one = driverSchema.parse({ command: { on: ['uhubctl', '-a', 'on'], off: ['uhubctl', '-a', 'off'] } })
  const other = driverSchema.parse({ command: { on: ['uhubctl', '-l', '2', '-a', 'on'] } })
  expect(plugOf({ ...one })).toBe(plugOf(one))
  expect(plugOf(other)).not.toBe(plugOf(one))
  expect(plugOf(driverSchema.parse({ manual: {} }))).toBeUndefined()
})

it('has paths that are relative to the file which states them', () => {
  const driver = driverSchema.parse({ command: { on: ['./plug.sh', '../key', 'on'], off: ['uhubctl', '-a', 'off'] } })
  const { command } = withPathsFrom('/labs/acme', driver)
  expect(command).toMatchObject({ on: ['/labs/acme/plug.sh', '/labs/key', 'on'], off: ['uhubctl', '-a', 'off'] })
})

describe('a router is set up after a factory reset', () => {
  const setUp = (spec: object, answers: boolean[] = []) =>
    boxPower({
      clock,
      environment: { ...process.env, FIRST: 'chosen password' },
      power: driverSchema.parse({ manual: {} }),
      within: (command) => command,
      askPerson: async () => answers.shift() ?? false,
      commission: commissionSchema.parse(spec),
    }).power.commission?.()

  it('by a program, which is tried again while the router boots', async () => {
    const script = `n=$(cat ${folder}/n 2>/dev/null || echo 0); echo $((n + 1)) > ${folder}/n; [ $n -gt 0 ] || exit 1
      echo $DENAT_WAN $DENAT_VLAN $DENAT_FIRST_PASSWORD > ${folder}/set`
    await setUp({ command: ['sh', '-c', script], vlan: 35, 'first-password-env': 'FIRST' })
    expect(readFileSync(join(folder, 'set'), 'utf8')).toBe('dhcp 35 chosen password\n')
  })

  it('by a person, or not at all', async () => {
    await setUp({ manual: {} }, [true])
    await expect(setUp({ manual: {} })).rejects.toThrow('the person at the terminal could not set the router up')
    await expect(setUp({ command: ['false'], patience: 1 })).rejects.toThrow('`commission` ended with exit code 1')
    expect(commissionSchema.safeParse({}).error?.issues[0]?.message).toMatch(/^expected one of web-ui, command/)
  })
})

import { fork } from 'node:child_process'
import type { WebUi } from '../../web-ui/port.ts'
import type { Device } from '../device.ts'
import { InputError } from '../input-error.ts'
import type { PageAnswer, PageOrder } from './page-process.ts'

export interface PageOptions {
  webUi: NonNullable<Device['webUi']>
  over: 'ipv6' | 'ipv4'
  netns: string
  /** Where screenshots and trace go. */
  folder: string
  /** Takes the place of `{rdnss}` in the device's URL. */
  resolver: string | undefined
}

/** The failure that the page's process reported, under the name of its error. */
class PageFailure extends Error {
  constructor({ name, message }: { name: string; message: string }) {
    super(message)
    this.name = name
  }
}

/**
 * Opens the device's page by the page object of its folder. The browser's driver has a process of its own: what it
 * does, and the memory it takes, never delays a frame.
 */
export async function openPage({
  webUi,
  over,
  netns,
  folder,
  resolver,
}: PageOptions): Promise<{ ui: WebUi; close(): Promise<number> }> {
  const url = over === 'ipv6' ? (webUi.url6 ?? webUi.url4) : (webUi.url4 ?? webUi.url6)
  if (!url) throw new InputError(webUi.module, 'the device has no url', 'set web-ui: url4 or url6 in its device.yaml')
  const child = fork(new URL('page-process.mjs', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ask = (order: PageOrder): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const gone = () =>
        reject(new PageFailure({ name: 'WebUiError', message: 'the process that drives the page has ended' }))
      child.once('exit', gone)
      child.once('message', (answer: PageAnswer) => {
        child.off('exit', gone)
        if ('failed' in answer) reject(new PageFailure(answer.failed))
        else resolve(answer.done)
      })
      child.send(order, (error) => error && gone())
    })
  const device = { url: url.replace('{rdnss}', resolver ?? ''), user: webUi.user, password: webUi.password }
  let calls: (keyof WebUi)[]
  try {
    calls = (await ask({ order: 'open', netns, folder, module: webUi.module, device })) as typeof calls
  } catch (error) {
    child.kill()
    throw error
  }
  const ui = Object.fromEntries(
    calls.map((call) => [call, (...given: unknown[]) => ask({ order: 'call', call, given })]),
  )
  return {
    ui: ui as unknown as WebUi,
    async close() {
      try {
        return Number(await ask({ order: 'close' }))
      } finally {
        child.disconnect()
      }
    },
  }
}

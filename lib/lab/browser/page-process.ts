import { type BrowserSession, openBrowser } from '../../web-ui/browser.ts'
import type { WebUi, WebUiDevice } from '../../web-ui/port.ts'
import { pageObject } from './page-object.ts'

/** What the process is asked: first to open, which is answered by the calls that the page has; then call by call, at last to close. */
export type PageOrder =
  | { order: 'open'; netns: string; folder: string; module: string; device: WebUiDevice }
  | { order: 'call'; call: keyof WebUi; given: unknown[] }
  | { order: 'close' }

/** One answer to each order. */
export type PageAnswer = { done: unknown } | { failed: { name: string; message: string } }

let session: BrowserSession | undefined

async function carryOut(order: PageOrder): Promise<unknown> {
  if (order.order === 'open') {
    const { netns, folder, module, device } = order
    session = await openBrowser({ netns, folder, device, pageObject: await pageObject(module) })
    return Object.keys(session.ui)
  }
  if (!session) throw new Error('no page was opened')
  if (order.order === 'close') return session.close()
  const call = session.ui[order.call] as (...given: unknown[]) => Promise<unknown>
  return call(...order.given)
}

process.on('message', (order) => {
  carryOut(order as PageOrder).then(
    (done) => process.send?.({ done } satisfies PageAnswer),
    (error: Error) => process.send?.({ failed: { name: error.name, message: error.message } } satisfies PageAnswer),
  )
})
// The parent has exited: the browser exits too.
process.on('disconnect', () => {
  const end = () => process.exit()
  if (session) session.close().then(end, end)
  else end()
})

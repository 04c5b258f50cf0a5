/** A browser on the LAN of the router, driving the page of one device. Every call leaves a screenshot. */
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium } from 'playwright-core'
import type { Credentials } from '../say/mask.ts'
import type { PageObject, WebUi, WebUiDevice } from './port.ts'
import { scrubTrace } from './scrub-trace.ts'
import { UnexpectedPage } from './unexpected-page.ts'
import { WebUiError } from './web-ui-error.ts'

export interface BrowserOptions {
  /** The network namespace of the LAN host that the browser runs on, by name; absent: this process's own. */
  netns?: string
  /** What a device folder's `web-ui.ts` exports. */
  pageObject: PageObject
  device: WebUiDevice
  /** Where the screenshots and `trace.zip` go; made when absent. */
  folder: string
  /** An executable Chromium. */
  chromium?: string
  /** Seconds that a page may take, and each step on it. */
  patience?: number
  /** Seconds that signing in waits for a router that is booting. */
  bootPatience?: number
}

export interface BrowserSession {
  ui: WebUi
  /** Ends the browser and writes what is left of the trace. Returns the number of places that were masked in the traces. */
  close(): Promise<number>
}

// The browser's own errands would be seen on the LAN, among the packets of the test. (No --disable-features here: it would
// take the place of Playwright's own, which keeps Chromium from trying https first.)
const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--dns-prefetch-disable',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
  '--no-proxy-server',
]

export async function openBrowser(options: BrowserOptions): Promise<BrowserSession> {
  const { netns, pageObject, device, folder, patience = 10, bootPatience = 90 } = options
  mkdirSync(folder, { recursive: true })
  const executable = options.chromium ?? '/usr/bin/chromium'
  const browser = await chromium
    .launch({
      executablePath: netns ? fileURLToPath(new URL('chromium-in-netns.sh', import.meta.url)) : executable,
      env: { ...process.env, DENAT_NETNS: netns ?? '', DENAT_CHROMIUM: executable } as Record<string, string>,
      // Chromium's sandbox refuses to run as root, which a lab of namespaces needs.
      chromiumSandbox: false,
      args: quiet,
    })
    .catch((error: Error) => {
      throw new WebUiError({
        call: 'openBrowser',
        expected: `Chromium to start${netns ? ` in network namespace ${netns}` : ''}`,
        seen: firstLine(error),
        remedy: 'install it (apt-get install --no-install-recommends chromium) and run as root',
      })
    })
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1000, height: 900 },
    locale: 'en-US',
  })
  context.setDefaultTimeout(patience * 1000)
  let page = await context.newPage()
  const trace = tracer(context, folder, device)
  let count = 0

  async function screenshot(name: string) {
    const path = `${folder}/${String(++count).padStart(2, '0')}-${name}.png`
    await page.screenshot({ path, fullPage: true, mask: [page.locator('input[type=password]')] }).catch(() => {})
  }

  /**
   * One call of the port. Only a page that could not be opened is asked for again: nothing was ordered yet then.
   * Chromium needs a new tab after a failure: the next address may else be "interrupted by another navigation".
   */
  async function perform<T>(call: keyof WebUi, seconds: number, act: (ui: WebUi) => Promise<T>): Promise<T> {
    const late = AbortSignal.timeout(seconds * 1000)
    const name = call.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)
    for (;;) {
      try {
        const result = await act(pageObject(page, device))
        await screenshot(name)
        return result
      } catch (error) {
        const unreachable = /^page\.goto: /.test((error as Error).message)
        if (unreachable && !late.aborted) {
          await page.close().catch(() => {})
          page = await context.newPage()
          await page.waitForTimeout(500)
          continue
        }
        await screenshot(`${name}-failed`)
        throw failure(call, device, error as Error, unreachable ? seconds : undefined)
      }
    }
  }

  const ask = <T>(call: keyof WebUi, act: (ui: WebUi) => Promise<T>) => perform(call, patience, act)
  const offered = pageObject(page, device)
  const ui: WebUi = {
    async signIn() {
      // The trace would hold the password.
      await trace.stop()
      await perform('signIn', bootPatience, (one) => one.signIn())
      await trace.start()
    },
    status: () => ask('status', (one) => one.status()),
    setIpv6: (on) => ask('setIpv6', (one) => one.setIpv6(on)),
    setFirewall: (level) => ask('setFirewall', (one) => one.setFirewall(level)),
    ...(offered.setPrefixFlags && {
      setPrefixFlags: (flags) => ask('setPrefixFlags', async (one) => one.setPrefixFlags?.(flags)),
    }),
    ...(offered.setUla && { setUla: (prefix) => ask('setUla', async (one) => one.setUla?.(prefix)) }),
    openPinhole: (pinhole) => ask('openPinhole', (one) => one.openPinhole(pinhole)),
    closePinhole: (pinhole) => ask('closePinhole', (one) => one.closePinhole(pinhole)),
    reboot: () => ask('reboot', (one) => one.reboot()),
    factoryReset: () => ask('factoryReset', (one) => one.factoryReset()),
  }
  return {
    ui,
    async close() {
      try {
        return await trace.stop()
      } finally {
        await browser.close()
      }
    },
  }
}

/** A trace for each time signed in: `trace.zip`, `trace-2.zip`, ... */
function tracer(context: BrowserContext, folder: string, credentials: Credentials) {
  let running = false
  let masked = 0
  let count = 0
  return {
    async start() {
      await context.tracing.start({ screenshots: true, snapshots: true })
      running = true
    },
    /** Returns the number of places that were masked in the traces so far. */
    async stop(): Promise<number> {
      if (!running) return masked
      running = false
      count++
      const path = `${folder}/trace${count === 1 ? '' : `-${count}`}.zip`
      const cookies = (await context.cookies()).map(({ value }) => value)
      await context.tracing.stop({ path })
      masked += scrubTrace(path, { credentials: [credentials], cookies })
      return masked
    },
  }
}

function failure(call: keyof WebUi, device: WebUiDevice, error: Error, waited: number | undefined) {
  if (waited !== undefined)
    return new WebUiError({
      call,
      expected: `the page of ${device.url} within ${waited} s`,
      seen: firstLine(error),
      remedy: 'see whether the router is up, and whether the url in its device.yaml is right for this LAN',
      cause: error,
    })
  const found = error instanceof UnexpectedPage ? error : undefined
  return new WebUiError({
    call,
    expected: found?.expected ?? 'the page to do what its page object asks',
    seen: found?.seen ?? firstLine(error),
    remedy: 'look at the last screenshot; if the page has changed, the device folder’s web-ui.ts has to follow',
    cause: error,
  })
}

// Playwright's errors go on with a call log, which may quote what was typed.
const firstLine = (error: Error) => error.message.split('\n')[0] ?? ''

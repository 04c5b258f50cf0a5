import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { maskFor } from '../say/mask.ts'
import { openBrowser } from './browser.ts'
import type { PageObject, WebUi } from './port.ts'

const password = 'Tr0ub4dor & "3"'
const folder = mkdtempSync(join(tmpdir(), 'denat-browser-'))

/** A page that asks for the password before each answer, shows it, and sets a cookie. */
const page = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    response.setHeader('content-type', 'text/html')
    response.setHeader('set-cookie', 'sid=0123456789abcdef')
    const shown = password.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
    response.end(`<!-- ${body} --><form method="post"><input type="password" name="geheim" value="${shown}">
      <button>Go</button></form>
      <script>
        const body = JSON.stringify({ key: ${JSON.stringify(password)} })
        const headers = { authorization: 'Basic ' + btoa('admin:' + ${JSON.stringify(password)}) }
        fetch('/json', { method: 'POST', headers, body })
      </script>`)
  })
})

/** It signs in again inside another call, as one does whose session has ended. */
const webUi: PageObject = (page, device) => {
  const status = async () => {
    await page.goto(device.url)
    await page.locator('input').fill(device.password)
    await page.getByRole('button').click()
    await page.waitForLoadState('networkidle')
    throw new Error(`expected the status, saw ${device.password}`)
  }
  return { signIn: async () => {}, status } as unknown as WebUi
}

test.skipIf(!existsSync('/usr/bin/chromium'))('a password that is typed inside a call is in no file', async () => {
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
  const device = { url: `http://127.0.0.1:${(page.address() as AddressInfo).port}`, user: 'admin', password }
  try {
    const session = await openBrowser({ pageObject: webUi, device, folder })
    await session.ui.signIn()
    await expect(session.ui.status()).rejects.toThrow('expected the status')
    expect(await session.close()).toBeGreaterThan(5)
    const trace = unzipSync(readFileSync(join(folder, 'trace.zip')))
    const files = [
      ...Object.entries(trace),
      ...readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const),
    ]
    const masked = maskFor([{ user: 'admin', password }])
    for (const [name, data] of files) {
      const text = Buffer.from(data).toString('latin1')
      expect.soft(masked(text).found, name).toBe(0)
      expect.soft(text, name).not.toContain('0123456789abcdef')
    }
    expect(Object.keys(trace).length).toBeGreaterThan(5)
  } finally {
    page.close()
    rmSync(folder, { recursive: true })
  }
})

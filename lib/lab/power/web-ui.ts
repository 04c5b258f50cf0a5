import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WebUi } from '../../web-ui/port.ts'
import type { Browser } from '../lab.ts'

/** Does something on the router's page, of which nothing is kept. */
export async function onPage(browser: Browser, act: (ui: WebUi) => Promise<void>): Promise<void> {
  const pictures = mkdtempSync(join(tmpdir(), 'power-'))
  try {
    const page = await browser.open(pictures, 'ipv4', undefined)
    try {
      await act(page.ui)
    } finally {
      await page.close()
    }
  } finally {
    rmSync(pictures, { recursive: true, force: true })
  }
}

/** The router's own page. It can't take its power away. */
export function pagePower(browser: Browser) {
  const call = (order: 'reboot' | 'factoryReset'): Promise<void> =>
    onPage(browser, async (ui) => {
      await ui.signIn()
      await ui[order]()
    })
  return {
    reboot: () => call('reboot'),
    async reset() {
      await call('factoryReset')
      return 'booting' as const
    },
  }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from '../lab.ts'

/** The router's own page. It can't take its power away. */
export function pagePower(browser: Browser) {
  const call = async (order: 'reboot' | 'factoryReset'): Promise<void> => {
    const pictures = mkdtempSync(join(tmpdir(), 'power-'))
    try {
      const page = await browser.open(pictures, 'ipv4', undefined)
      try {
        await page.ui.signIn()
        await page.ui[order]()
      } finally {
        await page.close()
      }
    } finally {
      rmSync(pictures, { recursive: true, force: true })
    }
  }
  return {
    reboot: () => call('reboot'),
    async reset() {
      await call('factoryReset')
      return 'booting' as const
    },
  }
}

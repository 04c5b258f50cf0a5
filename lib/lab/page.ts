import type { WebUi } from '../web-ui/port.ts'
import type { Device } from './device.ts'
import { InputError } from './input-error.ts'
import { pageObject } from './page-object.ts'

export interface PageOptions {
  webUi: NonNullable<Device['webUi']>
  over: 'ipv6' | 'ipv4'
  netns: string
  /** Where screenshots and trace go. */
  folder: string
  /** Takes the place of `{rdnss}` in the device's URL. */
  resolver: string | undefined
}

/** Opens the device's page by the page object of its folder. */
export async function openPage({
  webUi,
  over,
  netns,
  folder,
  resolver,
}: PageOptions): Promise<{ ui: WebUi; close(): Promise<void> }> {
  const url = over === 'ipv6' ? (webUi.url6 ?? webUi.url4) : (webUi.url4 ?? webUi.url6)
  if (!url) throw new InputError(webUi.module, 'the device has no url', 'give web-ui: url4 or url6 in its device.yaml')
  // Playwright is 60 MB: only labs that open a page load it.
  const { openBrowser } = await import('../web-ui/browser.ts')
  return openBrowser({
    netns,
    folder,
    pageObject: await pageObject(webUi.module),
    device: { url: url.replace('{rdnss}', resolver ?? ''), user: webUi.user, password: webUi.password },
  })
}

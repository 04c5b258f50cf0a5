import type { Link } from '../../link/link.ts'
import type { Device } from '../device.ts'
import type { Browser } from '../lab.ts'
import { configureBrowser, type Namespaces } from '../namespaces/namespaces.ts'
import { ipBatch } from '../namespaces/netns.ts'
import { openPage } from './page.ts'

/** Chromium in a namespace of its own, behind the bench's switch. Undefined: the device has no page that can be operated. */
export function chromiumBrowser(spaces: Namespaces, link: Link, { webUi, facts }: Device): Browser | undefined {
  const ipv4 = facts.url4 && new URL(facts.url4).hostname
  if (ipv4) configureBrowser(spaces.browser, { ipv4: `${ipv4.replace(/\.\d+$/, '.250')}/24` })
  if (!webUi) return undefined
  return {
    mac: spaces.browserMac,
    link,
    forget: () => ipBatch(['link set dev eth0 down', 'link set dev eth0 up'], spaces.browser),
    open: (folder, over, resolver) => openPage({ webUi, over, netns: spaces.browser, folder, resolver }),
  }
}

import type { WebUi } from '../../web-ui/port.ts'
import type { Browser } from '../lab.ts'

/** No browser is in between, so this MAC is never seen. */
const unusedMac = '02:be:00:00:00:00'

/** The page of a router in this process, called directly. */
export const directBrowser = (ui: WebUi): Browser => ({
  mac: unusedMac,
  open: async () => ({ ui, close: async () => 0 }),
})

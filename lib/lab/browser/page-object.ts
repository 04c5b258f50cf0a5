import { pathToFileURL } from 'node:url'
import type { PageObject } from '../../web-ui/port.ts'
import { InputError } from '../input-error.ts'

/** What a device folder's `web-ui.ts` exports. Throws `InputError` when it can't be used. */
export async function pageObject(module: string): Promise<PageObject> {
  const remedy = 'export a page object; see labs/devices/debian/web-ui.ts'
  const loaded = await import(pathToFileURL(module).href).catch((error: Error) => {
    throw new InputError(module, `cannot be loaded: ${error.message.split('\n').slice(0, 2).join(' ')}`, remedy)
  })
  if (typeof loaded.webUi !== 'function') throw new InputError(module, 'exports no function `webUi`', remedy)
  return loaded.webUi
}

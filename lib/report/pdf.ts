import { chromium } from 'playwright-core'
import { ReportError } from './allure-report.ts'

const executable = '/usr/bin/chromium'
/** Names this page only: no request leaves the browser. */
const origin = 'http://report.invalid/'
const footer =
  '<div style="width:100%;font-size:8px;text-align:center"><span class="pageNumber"></span> / <span class="totalPages"></span></div>'

/**
 * Prints the page with the verdict on A4, all of its cases shown. No script runs, and it loads nothing but `images`, by their
 * addresses in the page. Throws `ReportError` where there is no Chromium.
 */
export async function pdfOf(page: string, images: ReadonlyMap<string, Buffer>): Promise<Buffer> {
  const browser = await chromium
    .launch({
      executablePath: executable,
      chromiumSandbox: false,
      args: ['--no-proxy-server', '--disable-background-networking'],
    })
    .catch((error: Error) => {
      throw new ReportError(
        `${executable} does not start: ${error.message.split('\n')[0]}.`,
        'Install it: apt-get install --no-install-recommends chromium',
      )
    })
  try {
    const context = await browser.newContext({
      javaScriptEnabled: false,
      colorScheme: 'light',
      serviceWorkers: 'block',
    })
    await context.route('**/*', (route) => {
      const url = route.request().url()
      if (url === origin) return route.fulfill({ contentType: 'text/html; charset=utf-8', body: page })
      const image = images.get(url.slice(origin.length))
      return image ? route.fulfill({ body: image }) : route.abort()
    })
    const tab = await context.newPage()
    await tab.goto(origin)
    await tab.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true
      for (const one of document.images) one.loading = 'eager'`)
    await tab.waitForLoadState('networkidle')
    return await tab.pdf({
      format: 'A4',
      scale: 0.75,
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: footer,
      margin: { top: '12mm', bottom: '14mm', left: '10mm', right: '10mm' },
    })
  } finally {
    await browser.close()
  }
}

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chinese } from '../say/zh.ts'
import { causesOf } from './causes.ts'
import { pdfOf } from './pdf.ts'
import { reportTests } from './report-tests.ts'
import { itemsOf } from './review.ts'
import { asked, entries, facts, results } from './testing.ts'
import { verdictPage } from './verdict-page.ts'

const run = { ...facts, only: ['cold-boot'] }
const tests = [undefined, chinese].map((language) => reportTests(results, run, entries, undefined, language))
const items = itemsOf([tests[0] ?? [], tests[1] ?? []], run, asked)
const text = verdictPage({
  facts: run,
  items,
  judgedBy: 'denat',
  macs: [],
  causes: causesOf(results, entries),
  placesOf: () => ({}),
  language: chinese,
})

/** Contrast of each text with its ground, as WCAG 2.2 defines it; those below 4.5. */
function tooPale(): string[] {
  const parse = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number)
  const light = (rgb: number[]) =>
    rgb
      .slice(0, 3)
      .map((n) => (n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4))
      .reduce((sum, n, index) => sum + n * ([0.2126, 0.7152, 0.0722][index] as number), 0)
  const groundOf = (element: Element | null): number[] => {
    if (!element) return [255, 255, 255]
    const color = parse(getComputedStyle(element).backgroundColor)
    return color[3] === 0 ? groundOf(element.parentElement) : color
  }
  return Array.from(document.querySelectorAll<HTMLElement>('body *')).flatMap((element) => {
    const own = Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.textContent?.trim())
    if (!own || !element.checkVisibility() || ['SCRIPT', 'STYLE'].includes(element.tagName)) return []
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(groundOf(element))] as const
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    return ratio < 4.5 ? [`${element.className}: ${ratio.toFixed(2)} ${element.textContent?.slice(0, 40)}`] : []
  })
}

describe.skipIf(!existsSync('/usr/bin/chromium'))('the page with the verdict', () => {
  const folder = mkdtempSync(join(tmpdir(), 'denat-page-'))
  const address = pathToFileURL(join(folder, 'index.html')).href
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    writeFileSync(join(folder, 'index.html'), text)
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', chromiumSandbox: false })
    page = await browser.newPage()
    await page.goto(address)
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  test('is in the language of the run, and the keyboard changes it', async () => {
    expect(await page.locator('.verdict h2').innerText()).toMatch(/结论\s+不符合/)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    expect(await page.locator('.verdict h2').innerText()).toMatch(/Verdict\s+Does not conform/)
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
  })

  test('is filtered by result, by words of both languages, and by what is mandatory', async () => {
    const shown = () => page.locator('#shown').innerText()
    expect(await shown()).toBe('11')
    expect(await page.locator('.case').count()).toBe(11)
    await page.locator('#search').fill('wpd-5 tcp')
    expect(await shown()).toBe('1')
    await page.locator('#search').fill('需要流量发生器')
    expect(await shown()).toBe('1')
    await page.locator('#search').fill('')
    await page.locator('#filters [data-standing=pass]').uncheck()
    expect(await shown()).toBe('9')
    await page.locator('#mandatory').check()
    expect(await shown()).toBe('8')
    await page.locator('button[type=reset]').click()
    await expect.poll(shown).toBe('11')
  })

  test('a reason leads to its requirement, which opens', async () => {
    const block = page.locator('[id="r-PERF-1"]')
    expect(await block.getAttribute('open')).toBe(null)
    await page.locator('.verdict a[href="#r-PERF-1"]').click()
    await expect.poll(() => block.getAttribute('open')).toBe('')
  })

  test.each([390, 1440])('fits %i pixels, and is read in light and in dark', async (width) => {
    await page.setViewportSize({ width, height: 900 })
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
      expect(await page.evaluate(tooPale)).toEqual([])
    }
  })

  test('works without scripts: all is there, and the language changes', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const plain = await context.newPage()
    await plain.goto(address)
    await plain.locator('label[lang=en]').click()
    expect(await plain.locator('.verdict h2').innerText()).toMatch(/Verdict\s+Does not conform/)
    expect(await plain.locator('.requirement').count()).toBe(9)
    await context.close()
  })

  test('is printed', async () => {
    const pdf = await pdfOf(text, new Map())
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  })
})

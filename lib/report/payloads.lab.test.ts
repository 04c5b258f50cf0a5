import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { claim, the } from '../say/claim.ts'
import type { Result } from '../suite/verdict.ts'
import { payloads } from './payloads.ts'
import { asked, facts, results, writeRun } from './testing.ts'
import { writeReport } from './write-report.ts'

const reportsFolder = mkdtempSync(join(tmpdir(), 'denat-payloads-'))
const chosen = results.find(({ comments }) => comments) as Result

/** One failing test for each payload, which stands in each of its texts. */
const poisoned = payloads.map((payload, index): Result => {
  const said = { template: `${payload} {1}`, values: [the.text(payload)] }
  const case_ = `${index} ${payload}`
  const comments = { 4: said, 19: claim`${the.name(payload)}` }
  return { ...chosen, case: case_, expected: said, seen: said, because: said, notes: [said], comments }
})
const [first = '', second = '', third = ''] = payloads
const device = { ...facts.device, name: first, vendor: second, firmware: third }
const run = { ...facts, device, lab: payloads[3] ?? '', seed: payloads[4] ?? '' }

test.skipIf(!existsSync('/usr/bin/chromium'))('no payload runs, loads or asks for anything in a report', async () => {
  const runFolder = join(reportsFolder, 'runs', run.id)
  const recordings = writeRun(runFolder, run)
  await writeReport({
    runFolder,
    facts: run,
    results: poisoned,
    asked,
    judgedBy: 'denat',
    recordings,
    reportsFolder,
    allure: true,
  })
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', chromiumSandbox: false })
  try {
    const page = await browser.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('dialog', (dialog) => {
      asked.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    await page.goto(pathToFileURL(join(runFolder, 'index.html')).href)
    for (const link of await page.locator('details.requirement > summary').all()) await link.hover()
    expect(await page.evaluate(() => 'denatHacked' in window)).toBe(false)
    await page.goto(pathToFileURL(join(runFolder, 'allure-report.html')).href)
    await page.locator('.side-nav').first().waitFor()
    for (const tab of ['categories', 'suites', 'behaviors', 'graph', 'timeline', 'packages']) {
      await page.goto(`${page.url().split('#')[0]}#${tab}`)
      await page.waitForTimeout(300)
    }
    const shown = await page.evaluate(async () => {
      const found = Object.values(window as unknown as Record<string, unknown>).flatMap((value) =>
        typeof value === 'object' && value !== null ? Object.keys(value) : [],
      )
      const names = [...new Set(found)].filter((name) => /^data\/test-cases\/.*\.json$/.test(name))
      for (const name of names) {
        location.hash = `#testresult/${/([^/]+)\.json$/.exec(name)?.[1]}`
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
      return names.length
    })
    expect(shown).toBe(100 + run.leftOut.length)
    expect(await page.evaluate(() => 'denatHacked' in window)).toBe(false)
    expect(asked.filter((url) => !/^(?:file|data|blob):/.test(url))).toEqual([])
  } finally {
    await browser.close()
    rmSync(reportsFolder, { recursive: true })
  }
})

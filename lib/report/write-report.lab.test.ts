import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { asked, facts, results, writeRun } from './testing.ts'
import { writeReport } from './write-report.ts'

let reportsFolder: string

beforeEach(() => {
  reportsFolder = mkdtempSync(join(tmpdir(), 'denat-report-'))
})
afterEach(() => rmSync(reportsFolder, { recursive: true }))

async function report(run = facts): Promise<string> {
  const runFolder = join(reportsFolder, 'runs', run.id)
  const recordings = writeRun(runFolder, run)
  await writeReport({
    runFolder,
    facts: run,
    results,
    asked,
    judgedBy: 'denat 0.1.0',
    recordings,
    reportsFolder,
    allure: true,
  })
  return runFolder
}

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'))

function* pages(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (/\.(html|js|css)$/.test(entry.name)) yield readFileSync(join(entry.parentPath, entry.name), 'utf8')
}

test('two reports follow the product, call nobody and leave nothing behind', async () => {
  await report({
    ...facts,
    id: 'first',
    startedAt: '2025-06-01T10:00:00.000Z',
    device: { ...facts.device, firmware: '1.2.2' },
  })
  const runFolder = await report()
  expect(readdirSync(runFolder).filter((name) => name.startsWith('.'))).toEqual([])

  const single = readFileSync(join(runFolder, 'allure-report.html'), 'utf8')
  for (const page of [...pages(join(runFolder, 'allure-report')), single]) {
    expect(/googletagmanager|google-analytics|gtag\(/.test(page)).toBe(false)
    expect(/<(script|link|img|iframe)\b[^>]*\b(src|href)=["']?(https?:)?\/\//i.test(page)).toBe(false)
  }
  // Whole captures are left to the folder report.
  expect(single).not.toContain('Complete capture of')

  const cases = join(runFolder, 'allure-report', 'data', 'test-cases')
  const tests = readdirSync(cases).map((name) => json(cases, name))
  expect(tests.length).toBe(9)
  const failed = tests.find((one) => one.fullName === 'RFC7084-WPD-1')
  expect(failed.extra.history.items.length).toBe(1)
  expect(failed.extra.categories[0].name).toMatch(/Does not conform/)
  expect(failed.descriptionHtml).toContain('<table>')
  const [trend] = json(runFolder, 'allure-report', 'history', 'history-trend.json')
  expect(trend).toMatchObject({ buildOrder: 2, data: { failed: 2, broken: 3, skipped: 2, passed: 2, total: 9 } })

  const categories = json(runFolder, 'allure-report', 'widgets', 'categories.json').items
  expect(categories.map(({ name }: { name: string }) => name[0]).sort()).toEqual(['1', '2', '3', '4', '5', '6', '7'])

  const attached = readdirSync(join(runFolder, 'allure-report', 'data', 'attachments'))
  const whole = statSync(join(runFolder, 'recordings', 'renewal', 'capture.pcapng')).size
  const wholes = attached.filter(
    (name) =>
      name.endsWith('.pcapng') &&
      statSync(join(runFolder, 'allure-report', 'data', 'attachments', name)).size === whole,
  )
  // The three scenarios of the fixture have captures of one size, each of them once.
  expect(wholes.length).toBe(3)
})

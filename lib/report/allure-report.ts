import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readPlain, writeWhole } from '../plain-files.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import type { Rendered } from '../suite/rendered.ts'
import type { ResultsRun } from './allure-results.ts'
import { assets, reportName, writeSmallResults } from './allure-results.ts'
import { nameOfTest, parametersOf } from './allure-test.ts'
import type { Evidence } from './evidence.ts'
import type { ReportTest } from './report-tests.ts'

/** The results are written, but no report could be made of them. */
export class ReportError extends Error {
  override readonly name = 'ReportError'
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(`${message} ${remedy}`)
  }
}

/**
 * Makes `allure-report/` and `allure-report.html` of `allure-results/`, both to be read with no network at hand; gives
 * the address of each test in the latter, relative to the run's folder.
 */
export async function generateReports(
  run: ResultsRun,
  evidence: ReadonlyMap<Rendered, Evidence>,
): Promise<Map<ReportTest, { test: string }>> {
  const { runFolder, facts } = run
  mustHaveJava()
  removeScratch(runFolder)
  const scratch = mkdtempSync(join(runFolder, scratchName))
  try {
    const small = join(scratch, 'results')
    writeSmallResults(small, run, evidence)
    await Promise.all([
      generate(join(runFolder, 'allure-results'), join(scratch, 'report'), facts),
      generate(small, join(scratch, 'single'), facts, '--single-file'),
    ])
    finish(join(scratch, 'report'))
    finish(join(scratch, 'single'))
    rmSync(join(runFolder, 'allure-report'), { recursive: true, force: true })
    renameSync(join(scratch, 'report'), join(runFolder, 'allure-report'))
    renameSync(join(scratch, 'single', 'index.html'), join(runFolder, 'allure-report.html'))
    return addressesIn(readPlain(join(runFolder, 'allure-report.html')).toString(), run)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

const scratchName = '.allure-'

/** A leaf of Allure's tree of suites, or a branch. */
interface Node {
  name: string
  uid: string
  parameters?: string[]
  children?: Node[]
}

/** Allure gives each test another id whenever it makes a report: the tree in the page has them. */
function addressesIn(page: string, { tests, facts }: ResultsRun): Map<ReportTest, { test: string }> {
  const [, tree = ''] = /d\('data\/suites\.json','([\w+/=]*)'/.exec(page) ?? []
  if (!tree) return new Map()
  const ids = new Map<string, string>()
  const keyOf = (name: string, parameters: readonly string[]) => [name, ...[...parameters].sort()].join('\0')
  const note = ({ children, name, uid, parameters = [] }: Node): void => {
    if (children) for (const child of children) note(child)
    else ids.set(keyOf(name, parameters), uid)
  }
  note(JSON.parse(Buffer.from(tree, 'base64').toString()))
  return new Map(
    tests.flatMap((test) => {
      const id = ids.get(
        keyOf(
          nameOfTest(test),
          parametersOf(test, facts).map(({ value }) => value),
        ),
      )
      return id ? [[test, { test: `allure-report.html#testresult/${id}` }]] : []
    }),
  )
}

/** Of a report whose process was killed. Returns what it removed. The run must not be in use. */
export function removeScratch(runFolder: string): string[] {
  const left = readdirSync(runFolder).filter((name) => name.startsWith(scratchName))
  for (const name of left) rmSync(join(runFolder, name), { recursive: true, force: true })
  return left
}

/** Throws `ReportError` where there is none. */
export function mustHaveJava(environment = process.env): void {
  if (!hasJava(environment))
    throw new ReportError(
      'Allure needs Java to make its report.',
      'Install it (Debian, Ubuntu: apt-get install default-jre-headless), or leave out the report: --no-report',
    )
}

/** Looks where Allure's start script looks. */
export function hasJava({ JAVA_HOME, PATH = '' }: NodeJS.ProcessEnv): boolean {
  if (JAVA_HOME) return existsSync(join(JAVA_HOME, 'bin', 'java'))
  return PATH.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, 'java')))
}

/**
 * Without the first Allure reports its use to its makers, and so does each report when it is opened. Java ignores TMPDIR, and
 * keeps its figures in a folder whose name is known.
 */
const javaOptions = () => ({
  ALLURE_NO_ANALYTICS: 'true',
  JAVA_TOOL_OPTIONS: `-Djava.awt.headless=true "-Djava.io.tmpdir=${tmpdir()}" -XX:-UsePerfData`,
})

function generate(results: string, output: string, facts: RunFacts, ...options: string[]): Promise<void> {
  const program = join(
    dirname(createRequire(import.meta.url).resolve('allure-commandline/package.json')),
    'dist',
    'bin',
    'allure',
  )
  const config = fileURLToPath(new URL('allure.yml', assets))
  const given = ['generate', results, '--output', output, '--config', config, '--name', reportName(facts), ...options]
  return new Promise((resolve, reject) => {
    const { PATH, HOME, LANG, LC_ALL, TMPDIR, JAVA_HOME } = process.env
    // Not the whole environment: it may hold a password.
    const env = { PATH, HOME, LANG, LC_ALL, TMPDIR, JAVA_HOME, ...javaOptions() }
    const child = spawn('sh', [program, ...given], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let printed = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0 && existsSync(join(output, 'index.html'))) resolve()
      else
        reject(
          new ReportError(`Allure ended with code ${code}: ${printed.trim()}`, 'The results are in allure-results.'),
        )
    })
  })
}

/** Tags that fetch something from another host when the page opens. */
const outsideTag = /<(script|link|img|iframe)\b[^>]*\b(?:src|href)=["']?(?:https?:)?\/\/[^>]*>(?:\s*<\/\1>)?\s*/gi
/** The script that feeds Google Analytics has no address of its own. */
const analytics = /<script>\s*window\.dataLayer\b[\s\S]*?<\/script>\s*/gi

/** Removes from a report's pages what would contact a server, in case a version of Allure adds it nevertheless. */
export const withoutOutsideTags = (page: string): string => page.replace(outsideTag, '').replace(analytics, '')

function finish(folder: string): void {
  const style = `<style>\n${readPlain(fileURLToPath(new URL('report.css', assets)))}</style>\n`
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.html'))) {
    const path = join(folder, file)
    const page = withoutOutsideTags(readPlain(path).toString())
    writeWhole(
      path,
      page.replace('</head>', () => `${style}</head>`),
    )
  }
}

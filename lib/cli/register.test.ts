import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** A package as small as can be with the real hooks, and suites of somebody else's beside it. */
const repository = fileURLToPath(new URL('../..', import.meta.url))
let folder = ''

async function put(name: string, text: string) {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'denat-register-'))
  for (const name of ['lib/cli/register.mjs', 'lib/cli/hook.mjs', 'package.json']) {
    await cp(join(repository, name), join(folder, 'package', name))
  }
  await symlink(join(repository, 'node_modules'), join(folder, 'package/node_modules'))
  await put('package/lib/denat.ts', `export const counter: { calls: number } = { calls: 0 }`)
  await put(
    'package/start.mjs',
    `import './lib/cli/register.mjs'
     for (const file of process.argv.slice(2)) await import(file)
     const { counter } = await import('./lib/denat.ts')
     console.log(counter.calls)`,
  )
  for (const where of ['bare', 'commonjs', 'module']) {
    await put(`${where}/suite.ts`, `import './helper.ts'\nimport { counter } from 'denat'\ncounter.calls++\n`)
    // Nothing in it but types says that it is a module: what Node and tsx take for CommonJS.
    await put(
      `${where}/helper.ts`,
      `import { counter } from 'denat'\ninterface Loose { calls: number }\n;(counter as Loose).calls++\n`,
    )
  }
  await put('commonjs/package.json', '{ "type": "commonjs" }')
  await put('module/package.json', '{ "type": "module" }')
  // What lies in the current folder must not matter.
  await put('bare/tsconfig.json', '{ "extends": "nowhere",')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const printed = async (argv: string[], env = process.env) =>
  (await promisify(execFile)(process.execPath, argv, { cwd: join(folder, 'bare'), env })).stdout.trim()

test.each(['bare', 'commonjs', 'module'])('a %s folder outside shares the package that runs', async (where) => {
  const start = join(folder, 'package/start.mjs')
  expect(await printed([start, join(folder, where, 'suite.ts')])).toBe('2')
})

test('what lies in the cache of the loader in the temporary directory is not run', async () => {
  const temporary = join(folder, 'temporary')
  await mkdir(temporary)
  const { TSX_DISABLE_CACHE: _, ...environment } = process.env
  const env = { ...environment, TMPDIR: temporary }
  const suite = join(folder, 'package/suite.ts')
  await put('package/suite.ts', 'const text: string = "ours"\nconsole.log(text)\n')
  const byTsx = ['--import', pathToFileURL(join(repository, 'node_modules/tsx/dist/loader.mjs')).href, suite]
  // tsx writes its cache as it goes, and may end before it has.
  const planted = async (): Promise<boolean> => {
    expect(await printed(byTsx, env)).toBe('ours')
    const files = await readdir(temporary, { recursive: true, withFileTypes: true })
    const paths = files.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
    const texts = await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const))
    const ours = texts.filter(([, text]) => text.includes('ours'))
    for (const [path, text] of ours) await writeFile(path, text.replace('ours', 'planted'))
    return ours.length > 0
  }
  while (!(await planted()));
  expect(await printed(byTsx, env)).toBe('planted')
  expect(await printed([join(folder, 'package/start.mjs'), suite], env)).toBe('ours\n0')
})

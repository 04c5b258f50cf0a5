import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { placeholder } from '../say/claim.ts'
import { languages } from '../say/languages.ts'
import { readCatalogue } from './catalogue.ts'
import { templateOf } from './claims-in-source.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Every template in the source files of these folders. */
function templatesIn(folders: readonly string[]): Set<string> {
  const found = new Set<string>()
  const visit = (node: ts.Node): void => {
    const template = templateOf(node)
    if (template !== undefined) found.add(template)
    ts.forEachChild(node, visit)
  }
  for (const folder of folders)
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }))
      if (file.endsWith('.ts') && !file.endsWith('.test.ts'))
        visit(ts.createSourceFile(file, readFileSync(join(root, folder, file), 'utf8'), ts.ScriptTarget.Latest))
  return found
}

const parameters = (template: string): string[] => [...template.matchAll(placeholder)].map(([place]) => place).sort()

/** What holds values alone has nothing to translate. */
const hasWords = (template: string): boolean => /\p{L}/u.test(template)

const translated = Object.values(languages).filter(({ complete }) => complete.length > 0)
const all = templatesIn(['suites', 'lib'])

test.each(translated)(
  'each template of what $tag is complete for is translated, with the same parameters',
  (language) => {
    const templates = [...templatesIn(language.complete)].filter(hasWords)
    expect(templates.length).toBeGreaterThan(100)
    const isTranslated = (template: string) =>
      parameters(language.templates[template] ?? '').join() === parameters(template).join() &&
      language.templates[template] !== undefined
    expect(templates.filter((template) => !isTranslated(template))).toEqual([])
  },
)

test.each(translated)('each translation of $tag is of a template that there is', ({ templates }) => {
  expect(Object.keys(templates).filter((template) => !all.has(template))).toEqual([])
})

test('each requirement of the catalogue has a summary in Chinese, of its own', () => {
  const { entries } = readCatalogue([join(root, 'suites')])
  const lines = [...entries.values()].map(({ id, zh }) => [id, zh ?? ''] as const)
  expect(lines.length).toBeGreaterThan(250)
  expect(lines.filter(([, zh]) => !/\p{Script=Han}/u.test(zh)).map(([id]) => id)).toEqual([])
  expect(new Set(lines.map(([, zh]) => zh)).size).toBe(lines.length)
})

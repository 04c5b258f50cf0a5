import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

/** The words that `suites/GLOSSARY.md` bans are not in the text of these files and folders. */
const edited: string[] = [
  'lib/link',
  'lib/recording',
  'lib/web-ui',
  'lib/wire',
  'suites/requirements',
  'lib/cli',
  'lib/report',
  'lib/run',
  'lib/lab',
  'lib/say',
  'lib/suite',
  'suites/denat',
  'suites/explained',
  'suites/robustness',
  'suites/rfc9131',
  'suites/rfc9096',
  'suites/rfc8987',
  'suites/rfc8781',
  'suites/rfc8585',
  'suites/rfc8415',
  'suites/rfc8168',
  'suites/rfc7084/delegation',
  'suites/rfc7084/general',
  'suites/rfc7084/lan',
  'suites/rfc7084/security/firewall.ts',
  'suites/rfc7084/ula',
  'suites/rfc7084/wan',
  'suites/rfc9818',
  'suites/web-ui',
  'suites/ipv6plus',
  'suites/scenarios',
  'suites/shared',
  'suites/steps',
  'suites/rfc4191',
  'suites/rfc4193',
  'suites/rfc4443',
  'suites/rfc4861',
  'suites/rfc4862',
  'suites/rfc4890',
  'suites/rfc5625',
  'suites/rfc6092',
  'suites/rfc6147',
  'suites/rfc6275',
  'suites/rfc6437',
  'suites/rfc6887',
  'suites/rfc6980',
  'suites/rfc7608',
  'suites/rfc7772',
  'suites/rfc8106',
  'suites/rfc8200',
  'suites/rfc8201',
  'suites/rfc9762',
  'lib/nodes/attachment',
  'lib/router/attachment',
  'lib/router/behavior',
  'lib/router/behavior.ts',
  'lib/router/freedoms',
  'lib/router/interface',
  'lib/router/mutants',
  'suites/rfc1035',
  'suites/rfc2131',
  'suites/rfc2181',
  'suites/rfc3810',
  'README.md',
  'reports/README.md',
]

const repository = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(join(repository, file), 'utf8')

const banned = [
  ...(read('suites/GLOSSARY.md').split('## Words that are not used')[1] ?? '').matchAll(/^\| (`.*?) \|/gm),
]
  .flatMap(([, words = '']) => [...words.matchAll(/`([^`]+)`/g)])
  .map(([, word = '']) => word)
const ban = new RegExp(`(?<!\\b(?:engineers|people|users?|vendors) |-)\\b(${banned.join('|')})\\b`, 'gi')

type Line = [line: number, text: string]

/** Text for people in TypeScript: comments, claims, and strings of several words; a case's name is an identifier. */
function proseOf(file: string, source: string): Line[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  const lineAt = (position: number) => tree.getLineAndCharacterOfPosition(position).line + 1
  const found = new Map<number, Line>()
  const note = (at: number, text: string) => found.set(at, [lineAt(at), text])
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(source, node.getFullStart()) ?? [])
      note(pos, source.slice(pos, end))
    if (ts.isTemplateExpression(node) && !isKey.test(node.head.text))
      note(
        node.getStart(),
        [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('…'),
      )
    if (ts.isStringLiteralLike(node) && node.text.includes(' ') && !isName(file, node)) note(node.getStart(), node.text)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return [...found.values()]
}

/** A requirement and its case. */
const isKey = /^[A-Z0-9][\w.-]+ · /

const isName = (file: string, node: ts.StringLiteralLike): boolean =>
  (ts.isPropertyAssignment(node.parent) && node.parent.name === node) ||
  isKey.test(node.text) ||
  // In suites, what is neither a template nor a sentence names a case, a step or an answer of the bench.
  (file.startsWith('suites/') && ts.isStringLiteral(node) && !node.text.endsWith('.'))

/** Text for people in YAML and Markdown: all but what is quoted from a document, and code. */
const plainText = (source: string): Line[] =>
  source
    .replace(/^ {2}quote:.*(\n {4}.*)*|^```[\s\S]*?^```/gm, (left) => left.replace(/[^\n]/g, ''))
    .split('\n')
    .map((text, index): Line => [index + 1, text.replace(/`[^`]*`/g, '')])

const found = (file: string, source = read(file)): string[] =>
  (/\.(ts|mjs)$/.test(file) ? proseOf(file, source) : plainText(source)).flatMap(([line, text]) =>
    [...text.matchAll(ban)].map(([word]) => `${file}:${line}: "${word}" in "${text.trim().slice(0, 120)}"`),
  )

test.each([
  ['a comment', 'x.ts', '/** The host is told. */\nconst x = 1', 1],
  ['a claim', 'x.ts', `judge.holds(x, claim\`The host \${x} is told of it.\`)`, 1],
  ['a message', 'x.ts', `say('The host is told.')`, 1],
  ['no case, and no identifier', 'x.ts', `const told = { 'host is told': is('RFC7084-L-1 · host is told') }`, 0],
  ['an entry', 'x.yaml', '- summary: The host is told.', 1],
  ['no quotation', 'x.yaml', "- id: X\n  quote: 'a host\n    is told'\n  level: MUST", 0],
  ['no people and no code', 'x.md', 'for engineers who buy `who`\n```ts\nconst who = 1\n```', 0],
])('banned words are found in %s', (_, file, source, count) => {
  expect(found(file, source)).toHaveLength(count)
})

const filesOf = (path: string): string[] =>
  statSync(join(repository, path)).isFile()
    ? [path]
    : readdirSync(join(repository, path), { recursive: true, encoding: 'utf8' })
        .filter(
          (name) =>
            /\.(ts|mjs|yaml|tsv|md)$/.test(name) && !name.endsWith('.test.ts') && name !== 'undecided-claims.ts',
        )
        .map((name) => join(path, name))

test.each(edited)('%s is written in the words of the glossary', (path) => {
  const files = filesOf(path)
  expect(files).not.toEqual([])
  expect(files.flatMap((file) => found(file))).toEqual([])
})

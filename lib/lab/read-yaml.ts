import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { InputError } from './input-error.ts'

/** Reads a YAML file against a schema. Throws `InputError` with file and line for the first thing that is wrong. */
export function readYaml<S extends z.ZodType>(file: string, schema: S, remedy?: string): z.output<S> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new InputError(file, `cannot be read (${(error as NodeJS.ErrnoException).code})`, remedy ?? 'check the path')
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const broken = document.errors[0]
  if (broken) {
    const { line } = lines.linePos(broken.pos[0])
    throw new InputError(
      `${file}:${line}`,
      `is not YAML: ${broken.message.replace(/[^\x20-\x7e]+/gu, ' ').slice(0, 120)}`,
    )
  }
  const parsed = schema.safeParse(document.toJS() ?? {})
  if (parsed.success) return parsed.data
  // A misspelled key is also missing: the spelling is the useful message.
  const issue = parsed.error.issues.find(({ code }) => code === 'unrecognized_keys') ?? parsed.error.issues[0]
  const path = (issue?.path ?? []) as (string | number)[]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const line = lineOf(document, lines, unknown === undefined ? path : [...path, unknown])
  const at = [...path, ...(unknown === undefined ? [] : [unknown])].join('.')
  throw new InputError(`${file}:${line}`, `${at || 'the file'}: ${messageOf(issue?.message)}`, remedy)
}

/** The line of the deepest node on the path that the file has: a missing key is reported at its parent. */
function lineOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: (string | number)[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const items = (parent as { items?: unknown[] } | null)?.items
    const pair = items?.find((item) => (item as { key?: { value?: unknown } }).key?.value === path[length - 1]) as
      | { key: { range?: [number, number, number] } }
      | undefined
    const range =
      pair?.key.range ??
      (document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined)?.range
    if (range) return lines.linePos(range[0]).line
  }
  return 1
}

const messageOf = (message = 'is not valid'): string =>
  message.endsWith('received undefined') ? 'is missing' : message.replace(/^Invalid input: /, '')

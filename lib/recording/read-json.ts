import type { z } from 'zod'
import { readPlain } from '../plain-files.ts'

/** A text that is no JSON, or whose content does not fit. The line is counted from 1. */
export class Misfit extends Error {
  override readonly name = 'Misfit'
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message)
  }
}

/** Larger files are refused before they are read, in octets. */
const most = 64e6

export const readText = (file: string): string => readPlain(file, most).toString()

/** The content of a JSON text, as it is, once it fits the schema. Throws `Misfit` for the first thing that is wrong. */
export function fitting<S extends z.ZodType>(text: string, schema: S): z.input<S> {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    const position = Number(/at position (\d+)/.exec(message)?.[1] ?? 0)
    throw new Misfit(lineAt(text, position), `is not JSON: ${message.slice(0, 120)}`)
  }
  const issue = firstIssue(schema, content)
  if (!issue) return content as z.input<S>
  const path = issue.path as (string | number)[]
  throw new Misfit(lineOf(text, path), `${path.join('.') || 'the file'}: ${messageOf(issue)}`)
}

function firstIssue(schema: z.ZodType, content: unknown): z.core.$ZodIssue | undefined {
  try {
    const fit = schema.safeParse(content)
    return fit.success ? undefined : deepest(fit.error.issues[0])
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { code: 'custom', path: [], message: 'is nested too deeply' } as unknown as z.core.$ZodIssue
  }
}

/** Of the forms that a value may have, the one that fits farthest. */
function deepest(issue: z.core.$ZodIssue | undefined): z.core.$ZodIssue | undefined {
  if (issue?.code !== 'invalid_union') return issue
  const inner = issue.errors.flatMap(([first]) => deepest(first) ?? [])
  const [best] = inner.sort((a, b) => b.path.length - a.path.length)
  return best && best.path.length > 0 ? { ...best, path: [...issue.path, ...best.path] } : issue
}

function messageOf({ message = 'is not valid' }: z.core.$ZodIssue): string {
  return message.endsWith('received undefined') ? 'is missing' : message.replace(/^Invalid input: /, '')
}

const lineAt = (text: string, position: number): number => text.slice(0, position).split('\n').length

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/** The line of the value at a path; of the nearest one above it where it is missing. */
function lineOf(text: string, path: readonly (string | number)[]): number {
  /** Where the scan is: a key of each object and an index of each array. */
  const at: (string | number)[] = []
  let found = { depth: 0, position: 0 }
  let isKey = false
  for (const { 0: part, index } of text.matchAll(token)) {
    if (part === '}' || part === ']') at.pop()
    else if (part === ',') {
      const last = at.pop()
      isKey = typeof last === 'string'
      at.push(typeof last === 'number' ? last + 1 : '')
    } else if (part === ':') isKey = false
    else {
      if (isKey) at[at.length - 1] = JSON.parse(part)
      if (at.length > found.depth && at.length <= path.length && at.every((one, depth) => one === path[depth]))
        found = { depth: at.length, position: index }
      isKey = part === '{'
      if (part === '{') at.push('')
      if (part === '[') at.push(0)
    }
  }
  return lineAt(text, found.position)
}

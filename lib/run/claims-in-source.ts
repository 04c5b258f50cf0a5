import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** Where the methods of `judge` that can fail a router take their claim. */
const claimAt: Record<string, number> = { found: 2, due: 2, holds: 1, equal: 2, within: 2, absent: 1, each: 1, goal: 1 }
/** The arguments of these are reasons and notes, not claims. */
const reasons = new Set(['note', 'notApplicable', 'undecided'])
/** These folders judge nothing. */
const withoutJudgements = ['scenarios/', 'steps/', 'explained/']
/** A claim that reaches `judge` by a variable: a full sentence. */
const sentence = /^[A-Z{].* .*\.$/s

/**
 * Templates of all claims in a folder of suites, sorted: what stands where `judge` takes a claim, and each other sentence
 * that is no reason, no note and no measurement.
 */
export function claimsIn(folder: string): string[] {
  const found = new Set<string>()
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(mayJudge)) {
    const text = readFileSync(join(folder, file), 'utf8')
    collect(ts.createSourceFile(file, text, ts.ScriptTarget.Latest), found)
  }
  return [...found].sort()
}

const mayJudge = (file: string): boolean =>
  file.endsWith('.ts') && !file.endsWith('.test.ts') && !withoutJudgements.some((start) => file.startsWith(start))

function collect(node: ts.Node, found: Set<string>): void {
  const template = templateOf(node)
  if (template !== undefined) {
    if (sentence.test(template)) found.add(template)
  } else if (ts.isCallExpression(node)) {
    const { name, isJudge } = calleeOf(node)
    collect(node.expression, found)
    for (const [index, argument] of node.arguments.entries())
      for (const part of branches(argument)) {
        const claimed = templateOf(part)
        if (claimed === undefined) collect(part, found)
        else if (isJudge ? claimAt[name] === index : !reasons.has(name) && sentence.test(claimed)) found.add(claimed)
      }
    return
  }
  ts.forEachChild(node, (child) => collect(child, found))
}

function calleeOf({ expression }: ts.CallExpression): { name: string; isJudge: boolean } {
  if (!ts.isPropertyAccessExpression(expression))
    return { name: ts.isIdentifier(expression) ? expression.text : '', isJudge: false }
  const { name, expression: of } = expression
  const owner = ts.isPropertyAccessExpression(of) ? of.name : of
  return { name: name.text, isJudge: ts.isIdentifier(owner) && owner.text === 'judge' && !reasons.has(name.text) }
}

/** Each value that an argument may have. */
function branches(node: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(node)) return branches(node.expression)
  if (!ts.isConditionalExpression(node)) return [node]
  return [node.condition, ...branches(node.whenTrue), ...branches(node.whenFalse)]
}

/** As `claim` makes it of the same source. */
export function templateOf(node: ts.Node): string | undefined {
  if (!ts.isTaggedTemplateExpression(node) || !ts.isIdentifier(node.tag) || node.tag.text !== 'claim') return undefined
  const { template } = node
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text
  return template.templateSpans.reduce(
    (before, { literal }, index) => `${before}{${index + 1}}${literal.text}`,
    template.head.text,
  )
}

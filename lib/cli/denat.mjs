#!/usr/bin/env node
/** The command's first step: without dependencies, so that it can report which are missing. The command itself is main.ts. */
import { followParent } from './follow-parent.mjs'
import { missingHere, nodeProblem } from './prerequisites.mjs'

const problem = nodeProblem() || packagesProblem()
if (problem) {
  console.error(`denat: ${problem}`)
  process.exit(3)
}
// The reader of our output has closed the pipe.
process.stdout.on('error', () => process.exit(141))
followParent()
await import('./register.mjs')
const { main } = await import('./main.ts')
process.exit(await main(process.argv.slice(2)))

function packagesProblem() {
  const missing = missingHere({ dev: false })
  if (missing.length === 0) return undefined
  return `${missing.length} npm packages of package-lock.json are not installed (${missing[0]}${missing.length > 1 ? ', ...' : ''}): run \`npm ci\`, or \`npm run lab\`, which installs all that is missing.`
}

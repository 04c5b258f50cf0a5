import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { requirementFiles } from '../run/catalogue.ts'
import { clauseFaults } from '../run/clause-faults.ts'
import { readRfc } from '../run/rfc-text.ts'
import { ownSuites } from '../run/suites.ts'

/**
 * `npm run clauses -- FOLDER`: holds the suites against the RFCs in a folder (rfc7084.txt, as www.rfc-editor.org
 * has them): document, section and label of each entry exist, and its level is a word of the clause.
 */
const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('clauses: name the folder that holds the RFCs as text (rfc7084.txt and so on)')
  process.exit(3)
}
const texts = new Map(
  readdirSync(folder).flatMap((name) => {
    const [, number] = /^rfc(\d+)\.txt$/.exec(name) ?? []
    return number === undefined ? [] : [[Number(number), readRfc(readFileSync(join(folder, name), 'utf8'))] as const]
  }),
)
let faults = 0
let agreed = 0
let policy = 0
const unverified: string[] = []
for (const { file, entries } of requirementFiles(ownSuites)) {
  const lines = readFileSync(file, 'utf8').split('\n')
  for (const entry of entries) {
    const wrong = clauseFaults(entry, texts)
    const line = lines.indexOf(`- id: ${entry.id}`) + 1
    for (const fault of wrong) console.log(`${relative('.', file)}:${line}: ${entry.id}: ${fault}`)
    faults += wrong.length
    if (entry.unverified) unverified.push(`${entry.id}: ${entry.unverified}`)
    if (entry.level === 'policy') policy++
    else if (wrong.length === 0) agreed++
  }
}
for (const line of unverified) console.log(`not verified: ${line}`)
console.log(`${agreed} entries agree with their texts, ${policy} are policy; ${faults} faults`)
process.exitCode = faults > 0 ? 1 : 0

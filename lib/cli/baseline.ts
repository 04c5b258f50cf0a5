import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readBaseline } from '../lab/device.ts'
import { InputError } from '../lab/input-error.ts'
import { writeWhole } from '../plain-files.ts'
import { type KnownDeviation, knownHere } from '../recording/run-facts.ts'
import { plain } from '../report/text.ts'
import { againstBaseline } from '../run/baseline.ts'
import { cell } from '../run/compare.ts'
import { readFacts, readResults } from '../run/run-folder.ts'
import { keyOf, type Result } from '../suite/verdict.ts'
import { questions } from './questions.ts'
import { print } from './terminal.ts'

/**
 * `denat baseline RUN --out FILE`: writes the known deviations of a product, or adds those of this run to them. A person gives
 * the reason of each that is new; what passed now is no longer in it.
 */
export async function baselineCommand(run: string, { out }: { out: string }): Promise<number> {
  const folder = resolve(run)
  const file = resolve(out)
  const { versions, known: stated = [] } = readFacts(folder)
  const known = existsSync(file) ? readBaseline(file) : stated
  const { fresh, gone } = againstBaseline(readResults(folder), knownHere({ known, versions }))
  for (const one of gone) print(`no longer: ${plain(keyOf(one))}, which passed`)
  const reasons = fresh.length > 0 ? await reasonsFor(fresh) : []
  const kept = known.filter((one) => !gone.includes(one))
  const key = (one: KnownDeviation) => `${one.requirement}\0${one.case}\0${one.fault}`
  const all = [...kept, ...reasons].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  writeWhole(file, `${JSON.stringify(all, null, 2)}\n`)
  print(`${file}: ${all.length} known, ${reasons.length} of them new, ${gone.length} removed`)
  return 0
}

/** An answer that is empty is that of the deviation before; without any, the deviation stays out. */
async function reasonsFor(fresh: readonly Result[]): Promise<KnownDeviation[]> {
  if (!process.stdin.isTTY)
    throw new InputError(
      'baseline',
      `there is no terminal to ask at for the reasons of: ${fresh.map(keyOf).join(', ')}`,
      'run it in a terminal, or write the entries yourself: see labs/devices/debian/baseline.json',
    )
  const { ask, close } = questions('baseline')
  try {
    const found: KnownDeviation[] = []
    for (const result of fresh) {
      const before = found.at(-1)
      print(`\n${plain(keyOf(result))}: ${plain(cell(result))}`)
      const fault = await ask('  fault: a package and its version, or in words', before?.fault)
      const because = await ask('  because: what it does, or fails to do', before?.because)
      const confirmed = await ask('  confirmed: the frame, source or documentation that shows it', before?.confirmed)
      const { requirement, case: name, verdict } = result
      if (fault && because && confirmed && (verdict === 'fail' || verdict === 'warn' || verdict === 'inconclusive'))
        found.push({ requirement, case: name, verdict, fault, because, confirmed, sometimes: false })
      else print('  left out: each of the three is needed')
    }
    return found
  } finally {
    close()
  }
}

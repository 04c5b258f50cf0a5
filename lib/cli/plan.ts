import { readLab } from '../lab/lab-file.ts'
import { deviceOf } from '../lab/open-lab.ts'
import type { LeftOut } from '../recording/run-facts.ts'
import { count } from '../report/text.ts'
import { steps, sum } from '../run/arrange.ts'
import { plan } from '../run/plan.ts'
import { loadSuites, suiteFolders } from '../run/suites.ts'
import { languages } from '../say/languages.ts'
import { render } from '../say/render.ts'
import { measuredBefore } from './measured-before.ts'
import type { RunCommand } from './run.ts'
import { print } from './terminal.ts'

export type PlanCommand = Pick<RunCommand, 'device' | 'suites' | 'profile' | 'only' | 'lang'> & { json: boolean }

/** `denat plan LAB`: the scenarios that one lab runs, how each begins, the total cost, and what is left out and why. */
export async function planCommand(file: string, options: PlanCommand): Promise<number> {
  const { device: folder, suites: others, profile, only, json, lang } = options
  const lab = readLab(file, folder)
  const device = await deviceOf(lab)
  const suites = await loadSuites(suiteFolders(others))
  const { scenarios, leftOut } = plan({ suites, lab, device, profile, only })
  const measured = measuredBefore(lab.name, device.facts.name)
  const paces = { boot: measured?.boot ?? device.boot, reset: measured?.reset ?? device.reset }
  const all = steps(scenarios, paces)
  const reasons = byReason(leftOut, (one) => render(one.because, languages[lang]))
  if (json) {
    const planned = all.map(({ scenario, ...step }) => ({ scenario: scenario.name, ...step }))
    print(
      JSON.stringify({ lab: lab.name, paces, measured: measured?.run, scenarios: planned, total: sum(all), leftOut }),
    )
    return 0
  }
  for (const { scenario, beginning, resets, boots, seconds } of all) {
    const spent = [resets > 0 && count(resets, 'reset'), boots > 0 && count(boots, 'boot')].filter(Boolean).join(', ')
    print(
      `${scenario.name.padEnd(24)} ${beginning.padEnd(14)} ${`${seconds.toFixed(0)} s`.padStart(7)}  ${spent}`.trimEnd(),
    )
  }
  const { resets, boots, seconds } = sum(all)
  print(
    `\n${count(all.length, 'scenario')}: ${count(resets, 'factory reset')}, ${count(boots, 'boot')}, ${(seconds / 60).toFixed(0)} minutes on one lab`,
  )
  const known = measured ? `as measured in the run ${measured.run}` : 'at most, as the device folder states'
  print(`a boot takes ${paces.boot.toFixed(0)} s and a reset ${paces.reset.toFixed(0)} s, ${known}`)
  for (const [reason, cases] of reasons) print(`left out, ${count(cases.length, 'case')}: ${reason}`)
  return 0
}

/** Cases that are left out, by their reason, the most frequent first. */
function byReason(leftOut: readonly LeftOut[], reasonOf: (one: LeftOut) => string): [string, LeftOut[]][] {
  const groups = new Map<string, LeftOut[]>()
  for (const one of leftOut) groups.set(reasonOf(one), [...(groups.get(reasonOf(one)) ?? []), one])
  return [...groups].sort(([, one], [, other]) => other.length - one.length)
}

import { readLab } from '../lab/lab-file.ts'
import { deviceOf } from '../lab/open-lab.ts'
import { count } from '../report/text.ts'
import { steps, sum } from '../run/arrange.ts'
import { plan } from '../run/plan.ts'
import { loadSuites, suiteFolders } from '../run/suites.ts'
import type { RunCommand } from './run.ts'
import { print } from './terminal.ts'

/** `denat plan LAB`: the scenarios that one lab runs, how each begins, and the total cost. */
export async function planCommand(
  file: string,
  { device: folder, suites: others, profile, only }: Pick<RunCommand, 'device' | 'suites' | 'profile' | 'only'>,
): Promise<number> {
  const lab = readLab(file, folder)
  const device = await deviceOf(lab)
  const suites = await loadSuites(suiteFolders(others))
  const { scenarios } = plan({ suites, lab, device, profile, only })
  const all = steps(scenarios, device)
  for (const { scenario, beginning, resets, boots, seconds } of all) {
    const spent = [resets > 0 && count(resets, 'reset'), boots > 0 && count(boots, 'boot')].filter(Boolean).join(', ')
    print(
      `${scenario.name.padEnd(24)} ${beginning.padEnd(14)} ${`${seconds.toFixed(0)} s`.padStart(7)}  ${spent}`.trimEnd(),
    )
  }
  const { resets, boots, seconds } = sum(all)
  const paces = `a boot takes ${device.boot} s and a reset ${device.reset} s at most, as the device folder states`
  print(
    `\n${count(all.length, 'scenario')}: ${count(resets, 'factory reset')}, ${count(boots, 'boot')}, ${(seconds / 60).toFixed(0)} minutes on one lab (${paces})`,
  )
  return 0
}

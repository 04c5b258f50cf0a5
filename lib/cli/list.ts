import { loadSuites, suiteFolders } from '../run/suites.ts'
import { print } from './terminal.ts'

/** `denat list`: what is judged, and what is not, with the reason; then the scenarios. */
export async function listCommand(options: { json: boolean; suites: string[] }): Promise<number> {
  const { entries, scope, requirements, scenarios } = await loadSuites(suiteFolders(options.suites))
  const rows = [...entries.values()].map(({ id, level, area }) => {
    const requirement = requirements.get(id)
    return {
      id,
      level,
      area,
      judged: requirement !== undefined,
      cases: [...(requirement?.cases.keys() ?? [])].filter(Boolean),
      reason: scope[id]?.reason,
    }
  })
  if (options.json) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
    return 0
  }
  for (const { id, level, area, judged, cases, reason } of rows)
    print(
      `${judged ? '✓' : '·'} ${id.padEnd(28)} ${level.padEnd(7)} ${area.padEnd(13)} ${judged ? cases.join(' | ') : (reason ?? '')}`,
    )
  const areas = [...new Set(rows.map(({ area }) => area))]
  const countOf = (some: typeof rows) => `${some.filter(({ judged }) => judged).length} of ${some.length} judged`
  const cases = rows.reduce((sum, row) => sum + (row.judged ? Math.max(1, row.cases.length) : 0), 0)
  print()
  for (const { name, profile, role, story } of [...scenarios.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const only = [profile && `${profile} profile`, role].filter(Boolean).join(', ')
    print(`${name.padEnd(24)} ${only && `(${only}) `}${story}`)
  }
  print()
  for (const area of areas) print(`${area.padEnd(14)} ${countOf(rows.filter((row) => row.area === area))}`)
  print(`${'all'.padEnd(14)} ${countOf(rows)}, ${cases} cases`)
  return 0
}

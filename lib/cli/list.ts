import { loadSuites } from '../run/suites.ts'
import { requirements } from '../suite/requirement.ts'

/** `denat list`: what is judged, and what is not, with the reason. */
export async function listCommand(options: { json: boolean }): Promise<number> {
  const { entries, scope } = await loadSuites()
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
    console.log(JSON.stringify(rows, null, 2))
    return 0
  }
  for (const { id, level, area, judged, cases, reason } of rows)
    console.log(
      `${judged ? '✓' : '·'} ${id.padEnd(28)} ${level.padEnd(7)} ${area.padEnd(13)} ${judged ? cases.join(', ') : (reason ?? '')}`,
    )
  console.log(`\n${rows.filter((row) => row.judged).length} of ${rows.length} judged`)
  return 0
}

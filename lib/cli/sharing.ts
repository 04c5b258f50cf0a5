/**
 * `npm run sharing -- --orders 3 --mutants 50 --populations 24`: runs the default profile on one router without a factory
 * reset wherever that can be, and each scenario on a router of its own; lists what is judged otherwise. `--from 25` leaves
 * out the first mutants and populations. `--lab labs/memory-behind-gateway-60.yaml`: in another lab of the reference router.
 */
import { parseArgs } from 'node:util'
import { mutants } from '../lab/memory-mutants.ts'
import { violatedKeys } from '../run/kill-matrix.ts'
import { ownPopulation } from '../run/own-matrix.ts'
import { sharing } from '../run/sharing.ts'
import { seeded } from '../time/seed.ts'

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '1' },
    mutants: { type: 'string', default: '0' },
    populations: { type: 'string', default: '0' },
    from: { type: 'string', default: '0' },
    lab: { type: 'string' },
  },
})
const [orders, wrong, right, from] = [values.orders, values.mutants, values.populations, values.from].map(Number)
const { compare, suites } = await sharing([], values.lab)
let found = 0
async function report(title: string, ...options: Parameters<typeof compare>): Promise<void> {
  const { differ, counts } = await compare(...options)
  found += differ.length
  console.log(`${title}: ${counts.resets} resets, ${counts.boots} boots, ${differ.length} differ`)
  for (const one of differ) console.log(`  ${one}`)
}

for (let order = 0; order < (orders ?? 0); order++)
  await report(`reference router, order ${order}`, {}, { order: order === 0 ? undefined : `order ${order}` })
const drawn = seeded('sharing')
for (let index = 0; index < (wrong ?? 0) + (from ?? 0); index++) {
  const mutant = drawn.pick(mutants)
  if (index >= (from ?? 0)) await report(mutant.name, mutant.behavior, { judged: violatedKeys(mutant, suites) })
}
for (const [index, { behavior, warns }] of ownPopulation((right ?? 0) + (from ?? 0)).entries())
  if (index >= (from ?? 0)) await report(`router ${index}`, behavior, { warns })
process.exitCode = found > 0 ? 1 : 0

import { expect, it } from 'vitest'
import type { LabFile } from '../lab/lab-file.ts'
import { render } from '../say/render.ts'
import { invariant, on, requirement } from '../suite/requirement.ts'
import { type ScenarioSpec, scenario } from '../suite/scenario.ts'
import { suitesOf } from '../suite/testing.ts'
import { type PlanOptions, plan, UnknownName } from './plan.ts'

const made = (name: string, change: Partial<ScenarioSpec> = {}) =>
  scenario(name, { story: 's', world: { name: 'w' }, from: 'factory', ...change }, async () => {})
const judge = () => {}

const plain = made('plain')
const page = made('page', { webUi: 'ipv6' })
const wide = made('wide', { needs: ['two-lan-ports'] })
const long = made('long', { profile: 'full' })
const short = made('short', { world: { name: 'w', delegatedLength: 48 } })
const subnets = made('subnets', { needs: ['subnets'] })
const none = made('none', { world: { name: 'w', delegatedLength: 'none' } })
const behind = made('behind', { role: 'wireless-router' })
const scenarios = [plain, page, wide, long, short, subnets, none, behind]
const requirements = [
  requirement('P-1', plain, judge),
  requirement('P-2', [plain, page], judge),
  requirement('P-3', { wide: on(wide, judge), page: on(page, judge) }),
  requirement('P-4', long, judge),
  invariant('P-5', judge),
  requirement('P-6', { short: on(short, judge), subnets: on(subnets, judge), none: on(none, judge) }),
  requirement('P-7', behind, judge),
]
const suites = suitesOf({
  scenarios: new Map(scenarios.map((one) => [one.name, one])),
  requirements: new Map(requirements.map((one) => [one.id, one])),
})

const lab = (lan: string[], upstream: LabFile['upstream'] = 'isp'): LabFile => ({
  power: 'software',
  cables: 'veth',
  browser: 'chromium',
  device: 'x',
  file: 'x.yaml',
  name: 'x',
  lan,
  upstream,
  addresses: { wan: '2d00:100::/32', pool: '2d00:200::/32', internet: '2d00:300::/64' },
  line: {},
})
const main = ['P-1', 'P-2', 'P-3', 'P-4']
const webUi = { module: 'm', user: '', password: '' }
const paces = { boot: 90, reset: 120 }
const facts = { name: 'x', role: 'gateway' as const, capabilities: [], lacks: [] }
const planned = (change: Partial<PlanOptions> = {}) => {
  const options = {
    suites,
    lab: lab(['lan0', 'lan1']),
    device: { webUi, facts, ...paces },
    profile: 'default',
    only: [],
    ...change,
  } as const
  const { scenarios, leftOut } = plan(options)
  return {
    scenarios: scenarios.map(({ name }) => name),
    leftOut: leftOut.map((one) => [one.requirement, one.case, render(one.because)]),
  }
}

it('leaves all out on a PPPoE line where the product lacks PPPoE, and says why', () => {
  const pppoe = { ...lab(['lan0', 'lan1']), line: { pppoe: true } } as const
  const lacking = { webUi, facts: { ...facts, lacks: ['pppoe' as const] }, ...paces }
  const { scenarios, leftOut } = planned({ lab: pppoe, device: lacking, only: main })
  expect(scenarios).toEqual([])
  expect(new Set(leftOut.map(([, , because]) => because))).toEqual(
    new Set(['the line of this lab is PPPoE, which device.yaml names as lacking']),
  )
})

it('plays all that the lab and the device allow, by name', () => {
  expect(planned({ profile: 'full', only: main })).toEqual({
    scenarios: ['long', 'page', 'plain', 'wide'],
    leftOut: [],
  })
})

it('leaves out what takes long', () => {
  expect(planned({ only: main })).toEqual({
    scenarios: ['page', 'plain', 'wide'],
    leftOut: [['P-4', '', 'takes long: use --profile full']],
  })
})

it('leaves out what needs a page object, but not what another scenario shows as well', () => {
  const { scenarios, leftOut } = planned({ device: { facts, ...paces }, only: main })
  expect(scenarios).toEqual(['plain', 'wide'])
  expect(leftOut).toEqual([
    ['P-3', 'page', expect.stringContaining('no web-ui.ts')],
    ['P-4', '', expect.anything()],
  ])
})

it('leaves out what needs a browser where the lab has none', () => {
  const { leftOut } = planned({ lab: { ...lab(['lan0', 'lan1']), browser: 'none' }, only: main })
  expect(leftOut[0]).toEqual(['P-3', 'page', 'the lab has no browser'])
})

it('leaves out what needs a port that the lab lacks', () => {
  expect(planned({ lab: lab(['lan0']), only: main }).leftOut).toContainEqual([
    'P-3',
    'wide',
    'the lab has only one LAN port',
  ])
})

it('leaves out what needs a prefix that the upstream does not give', () => {
  const names = (gateway: 60 | 64 | 'none') => planned({ only: ['P-6'], lab: lab(['lan0', 'lan1'], { gateway }) })
  expect(names(60).scenarios).toEqual(['none', 'short', 'subnets'])
  expect(names(64).scenarios).toEqual(['none', 'short'])
  expect(names(64).leftOut).toEqual([['P-6', 'subnets', expect.stringContaining('shorter than the /64')]])
  expect(names('none').scenarios).toEqual(['none'])
  expect(names('none').leftOut).toContainEqual(['P-6', 'short', expect.stringContaining('upstream does not delegate')])
})

it('leaves out what is about a product of another role', () => {
  expect(planned({ only: ['P-7'] }).leftOut).toEqual([
    ['P-7', '', 'is about a wireless-router; this product is a gateway'],
  ])
  const device = { webUi, ...paces, facts: { ...facts, role: 'wireless-router' as const } }
  expect(planned({ only: ['P-7'], device }).scenarios).toEqual(['behind'])
})

it.each([
  [['plain'], ['plain']],
  [['P-2'], ['page', 'plain']],
  [
    ['P-3', 'plain'],
    ['page', 'plain', 'wide'],
  ],
  [['P-5'], ['none', 'page', 'plain', 'short', 'subnets', 'wide']],
])('plays of %j only %j', (only, scenarios) => {
  expect(planned({ only }).scenarios).toEqual(scenarios)
})

it('leaves out nothing that was not asked for', () => {
  expect(planned({ only: ['plain'] }).leftOut).toEqual([])
  expect(planned({ only: ['P-4'] })).toEqual({ scenarios: [], leftOut: [['P-4', '', expect.anything()]] })
})

it('knows no other names, and says which are near', () => {
  expect(() => planned({ only: ['plai'] })).toThrow(UnknownName)
  expect(() => planned({ only: ['plai'] })).toThrow(/"plai" is neither a scenario nor .*similar: plain/)
})

import { isIPv6 } from 'node:net'
import { z } from 'zod'
import { type Claim, placeholder, type Value } from '../say/claim.ts'

// The shapes of a recording's files, and of what the files of a run have in common with them. They describe what can be read:
// a key that they do not have is no fault.

const count = z.int().min(0)
const names = z.array(z.string())
const address = z.string().refine(isIPv6, 'expected an IPv6 address')
const prefix = z.string().refine((text) => {
  const [start = '', length = '', ...rest] = text.split('/')
  return isIPv6(start) && /^\d{1,3}$/.test(length) && Number(length) <= 128 && rest.length === 0
}, 'expected an IPv6 prefix')
const mac = z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, 'expected a MAC address')

const value: z.ZodType<Value> = z.lazy(() =>
  z.union([
    z.number(),
    z.object({
      kind: z.enum(['address', 'prefix', 'packet', 'status', 'option', 'name', 'text']),
      value: z.string().optional(),
    }),
    z.object({
      kind: z.enum(['seconds', 'decimal', 'frame']),
      // In JSON an infinite time is null.
      value: z.number().nullable(),
      digits: z.int().min(0).max(100).optional(),
    }),
    z.object({ kind: z.enum(['list', 'sentences']), value: z.array(value) }),
    claim,
  ]),
) as z.ZodType<Value>

/** Each place of the template has a value, and no value stands in two places: a claim in a claim would grow without limit. */
export const claim: z.ZodType<Claim> = z
  .object({ template: z.string(), values: z.array(value) })
  .refine(
    ({ template, values }) =>
      [...template.matchAll(placeholder)].every(([, place]) => values[Number(place) - 1] !== undefined),
    'the template has a place without a value',
  )
  .refine(({ template }) => {
    const places = [...template.matchAll(placeholder)].map(([, place]) => Number(place))
    return new Set(places).size === places.length
  }, 'the template has a value in two places')

/** Previous formats have a text in place of a claim. */
export const said = z.union([z.string(), claim])

export const outcome = z.discriminatedUnion('end', [
  z.object({ end: z.literal('complete') }),
  z.object({ end: z.literal('blocked'), by: z.string(), because: said.optional() }),
  z.object({ end: z.literal('lab'), because: said.optional() }),
  z.object({ end: z.literal('harness'), because: said.optional() }),
])

export const device = z.object({
  name: z.string(),
  vendor: z.string().optional(),
  model: z.string().optional(),
  firmware: z.string().optional(),
  hardware: z.string().optional(),
  serial: z.string().optional(),
  firmwareSha256: z.string().optional(),
  role: z.enum(['gateway', 'wireless-router']),
  capabilities: names,
  lacks: names.optional(),
  macs: z.array(mac).optional(),
  url4: z.string().optional(),
  url6: z.string().optional(),
})

const station = z.object({
  port: z.string(),
  mac,
  linkLocal: z.string(),
  address: address.optional(),
  duid: z.string().optional(),
})

const isp = z.object({
  wanPrefix: prefix,
  internetPrefix: prefix,
  ra: z.object({
    interval: z.number(),
    managed: z.boolean(),
    other: z.boolean(),
    routerLifetime: z.number(),
    autonomous: z.boolean().optional(),
    onLink: z.boolean(),
    preferredLifetime: z.number(),
    validLifetime: z.number(),
    mtu: z.number().optional(),
    pref64: z.object({ prefix: z.string(), lifetime: z.number() }).optional(),
  }),
  dhcpv6: z.object({
    answers: z.boolean(),
    ignoreSolicits: z.number(),
    iaNa: z.boolean(),
    prefixes: z.array(prefix),
    t1: z.number(),
    t2: z.number(),
    preferredLifetime: z.number(),
    validLifetime: z.number(),
    dns: z.boolean(),
    domains: names,
    solMaxRt: z.number().optional(),
    renumbering: z.enum(['zero-old', 'silent-old', 'no-binding']).optional(),
  }),
  ipv4: z.boolean(),
})

const world = z.object({
  name: z.string(),
  seed: z.string(),
  stations: z.record(z.string(), station),
  variety: z.record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))).optional(),
  segments: z.array(names),
  isp,
  device,
  line: z
    .object({
      vlan: z.union([z.int(), z.tuple([z.int(), z.int()])]).optional(),
      pppoe: z.literal(true).optional(),
      priority: z.int().optional(),
      tpid: z.int().optional(),
    })
    .optional(),
  profile: z.enum(['default', 'full']),
  bootMacs: z.array(mac).optional(),
  bootSeconds: z.number().optional(),
})

/** `world.json`, of any format that is read. */
export const worldFile = z.object({
  format: z.int(),
  scenario: z.string(),
  startedAt: z.string().regex(/^\d{1,20}$/, 'expected nanoseconds'),
  sealed: z.boolean(),
  outcome,
  drops: count,
  unsummed: count.optional(),
  clockStep: z.number(),
  world,
})

/** A line of `marks.jsonl`. */
export const mark = z.object({
  at: z.number(),
  mark: z.string(),
  number: count,
  frames: z.array(count).optional(),
  named: z.record(z.string(), count).optional(),
  data: z.record(z.string(), z.unknown()).optional(),
})

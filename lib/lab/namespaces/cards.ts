import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { inNetns } from '../../link/network-namespace.ts'
import { disableOffloads, enableOffloads, offloadsOn } from '../../link/offload.ts'
import { ip, ipBatch, NamespaceError } from './netns.ts'

/** Kernel settings of an interface that are lost when it moves. */
const settings = ['disable_ipv6', 'accept_ra', 'use_tempaddr'] as const

const addressSchema = z.strictObject({
  local: z.string(),
  prefixlen: z.int(),
  /** Seconds; undefined: for ever. */
  valid: z.int().optional(),
  preferred: z.int().optional(),
})

/** A network card as it was before it was used. */
export const cardSchema = z.strictObject({
  name: z.string().regex(/^[^\s/]{1,15}$/),
  mac: z.string(),
  mtu: z.int(),
  up: z.boolean(),
  offloads: z.array(z.string()),
  settings: z.record(z.enum(settings), z.string()),
  addresses: z.array(addressSchema),
})
export type Card = z.infer<typeof cardSchema>

/** What `ip -j -d address` reports of an interface; only what is read here. */
const interfaceSchema = z.object({
  ifname: z.string(),
  flags: z.array(z.string()),
  mtu: z.int(),
  link_type: z.string(),
  address: z.string().optional(),
  master: z.string().optional(),
  linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
  addr_info: z.array(
    z.object({
      family: z.string().optional(),
      local: z.string().optional(),
      prefixlen: z.int().optional(),
      scope: z.string().optional(),
      valid_life_time: z.int().optional(),
      preferred_life_time: z.int().optional(),
    }),
  ),
})
export type Interface = z.infer<typeof interfaceSchema>

/** The interfaces of a namespace, or of this one. */
export const interfacesIn = (netns?: string): Interface[] =>
  z.array(interfaceSchema).parse(JSON.parse(inNetns(netns, () => ip(['-j', '-d', 'address', 'show']))))

const forever = 0xffff_ffff
const seconds = (time: number | undefined): number | undefined => (time === forever ? undefined : time)

/** What has to be known of a card, so that it can be put back. */
export function cardState(card: Interface): Card {
  const { ifname: name } = card
  return {
    name,
    mac: card.address ?? '',
    mtu: card.mtu,
    up: card.flags.includes('UP'),
    offloads: offloadsOn(name),
    settings: Object.fromEntries(settings.map((one) => [one, readSetting(name, one)])) as Card['settings'],
    addresses: card.addr_info.flatMap(({ local, prefixlen, scope, valid_life_time, preferred_life_time }) =>
      // The kernel makes another link-local address.
      local === undefined || prefixlen === undefined || scope === 'link'
        ? []
        : [{ local, prefixlen, valid: seconds(valid_life_time), preferred: seconds(preferred_life_time) }],
    ),
  }
}

/** Moves a card into a namespace, where it becomes a port of the bench: plain, silent, up. */
export function takeCard({ name }: Card, netns: string): void {
  ipBatch([`link set dev ${name} down`, `link set dev ${name} netns ${netns}`])
  inNetns(netns, () => {
    const on = disableOffloads(name)
    // What a card does not let be turned off shows in each frame that has no checksum.
    if (on.some((one) => one !== 'tx checksumming' && one !== 'scatter-gather'))
      throw new NamespaceError(
        `Expected the card ${name} without offloads, but ${on.join(', ')} stayed on: use another card`,
      )
  })
  ipBatch([`link set dev ${name} up`], netns)
}

/** Brings a card back as it was, from whatever namespace of ours it is in. A card that is gone is no error. */
export function giveCardBack(card: Card, netns: string): void {
  const { name } = card
  const moved = interfacesIn(netns).find((one) => one.ifname === name)
  if (moved) {
    ipBatch([`link set dev ${name} down`], netns)
    // `ip` enters the namespace itself: as long as this process does, its pid stands for that one.
    ip(['-n', netns, 'link', 'set', 'dev', name, 'netns', String(process.pid)])
  }
  if (!interfacesIn().some((one) => one.ifname === name)) return
  ipBatch([`link set dev ${name} down`, `link set dev ${name} mtu ${card.mtu} address ${card.mac}`])
  enableOffloads(name, card.offloads)
  for (const setting of settings) writeSetting(name, setting, card.settings[setting])
  if (card.up) ipBatch([`link set dev ${name} up`])
  ipBatch(
    card.addresses.map(
      (address) => `address replace ${address.local}/${address.prefixlen} dev ${name}${lifetimes(address)}`,
    ),
  )
}

const lifetimes = ({ valid, preferred }: Card['addresses'][number]): string =>
  valid === undefined ? '' : ` valid_lft ${valid} preferred_lft ${preferred ?? valid}`

const settingFile = (name: string, setting: string): string => `/proc/sys/net/ipv6/conf/${name}/${setting}`

const readSetting = (name: string, setting: string): string => readFileSync(settingFile(name, setting), 'utf8').trim()

function writeSetting(name: string, setting: string, value: string | undefined): void {
  if (value !== undefined) writeFileSync(settingFile(name, setting), value)
}

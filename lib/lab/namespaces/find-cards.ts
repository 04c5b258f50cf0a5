import { execFileSync } from 'node:child_process'
import { InputError } from '../input-error.ts'
import type { LabFile } from '../lab-file.ts'
import { type Interface, interfacesIn } from './cards.ts'
import { ip } from './netns.ts'
import { holderOf } from './reap.ts'

type WithCards = Pick<Extract<LabFile, { cables: 'cards' }>, 'file' | 'cards'>

const isMac = (text: string): boolean => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)

/**
 * The interface of each card that a lab file names. Throws `InputError` for one that is not there, that this machine
 * itself needs, or that two ports share without a VLAN: nothing has been touched by then.
 */
export function cardsNamed({ file, cards }: WithCards): Map<string, Interface> {
  const all = interfacesIn()
  const found = new Map<string, Interface>()
  for (const [port, { card }] of Object.entries(cards)) {
    const fits = all.filter(({ ifname, address }) => (isMac(card) ? address === card.toLowerCase() : ifname === card))
    const [one] = fits
    if (!one) mustBeFree(file, `${port}: ${card}`, { card })
    if (!one || fits.length > 1)
      throw new InputError(
        file,
        `${port}: ${fits.length > 1 ? 'more than one network card has' : 'there is no network card'} ${card}`,
        `name one of: ${
          all
            .filter(isCard)
            .map(({ ifname, address }) => `${ifname} (${address})`)
            .join(', ') || 'none is there'
        }`,
      )
    const used = whyNeeded(one)
    if (used) throw new InputError(file, `${port}: ${one.ifname} ${used}`, 'name a card that leads to the router only')
    found.set(card, one)
  }
  for (const [index, [port, one]] of Object.entries(cards).entries())
    for (const [other, two] of Object.entries(cards).slice(0, index))
      if (found.get(one.card) === found.get(two.card) && one.vlan === two.vlan)
        throw new InputError(
          file,
          `${other} and ${port} are the same port of ${one.card}`,
          'name another card, or a VLAN for each of them',
        )
  return found
}

/** Another run has the card, or the plug. */
export class InUse extends InputError {}

/** Throws `InUse` with the run that has it, and since when. `what`: as a person knows it. */
export function mustBeFree(
  file: string,
  what: string,
  wanted: { card?: string; plug?: string },
  besides?: string,
): void {
  const holder = holderOf(wanted, { besides })
  if (!holder) return
  const since = holder.since === undefined ? '' : ` since ${new Date(holder.since).toISOString().slice(0, 16)}Z`
  throw new InUse(
    file,
    `${what} is used by the run of process ${holder.pid}${since}`,
    'wait until it ends, or run with --wait',
  )
}

/** Kinds of interfaces that lead nowhere, or to other interfaces of this machine. */
const noCards = new Set(['ifb', 'dummy', 'bridge', 'bond', 'team', 'vlan', 'macvlan'])

export const isCard = ({ link_type, flags, linkinfo }: Interface): boolean =>
  link_type === 'ether' && !flags.includes('LOOPBACK') && !noCards.has(linkinfo?.info_kind ?? '')

/** Why this machine can't do without the card. */
export function whyNeeded(card: Interface): string | undefined {
  const { ifname, master } = card
  if (!isCard(card)) return 'is no Ethernet card'
  if (master !== undefined) return `is a port of ${master}`
  for (const family of ['-4', '-6'])
    if (
      ip([family, 'route', 'show', 'default'])
        .split('\n')
        .some((line) => line.includes(` dev ${ifname} `) || line.endsWith(` dev ${ifname}`))
    )
      return "carries this machine's default route"
  const addresses = card.addr_info.flatMap(({ local }) => (local === undefined ? [] : [local]))
  const used = addresses.find((address) => connectionsFrom(address) > 0)
  return used === undefined ? undefined : `has the address ${used}, which connections of this machine use`
}

const connectionsFrom = (address: string): number =>
  execFileSync('ss', ['-Htn', 'state', 'established', 'src', `[${address}]`], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean).length

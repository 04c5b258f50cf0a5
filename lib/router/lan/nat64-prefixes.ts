import type { NdOption, NdOptionOf } from '../../wire/nd-options.ts'
import { type Context, left, until } from '../context.ts'

type Pref64 = NdOptionOf<'pref64'>

/** NAT64 prefixes of the line, passed on to the LANs: RFC 8781. */
export interface Nat64Prefixes {
  /** An RA on the WAN has these. */
  learn(options: Pref64[]): void
  /** For RAs on a LAN: those in force, and with lifetime 0 those of which hosts still believe. */
  options(): NdOption[]
}

/** Scaled Lifetime counts in 8 s, in 13 bits: RFC 8781 section 4. */
const unit = 8
const maxLifetime = 8191 * unit

export function nat64Prefixes({ clock, behavior }: Context, changed: () => void): Nat64Prefixes {
  const known = new Map<string, { option: Pref64; until: number; believedUntil: number }>()

  return {
    learn(options) {
      let isNew = false
      for (const option of options) {
        const key = `${option.prefix} ${option.plc}`
        const before = known.get(key)
        const isLive = before !== undefined && before.until > clock.now()
        if (option.lifetime === 0 && (!isLive || behavior.nat64Prefix === 'never withdrawn')) continue
        const end = until(clock, option.lifetime)
        known.set(key, { option, until: end, believedUntil: Math.max(end, before?.believedUntil ?? 0) })
        isNew ||= isLive !== option.lifetime > 0
      }
      if (isNew) changed()
    },
    options() {
      for (const [key, { believedUntil }] of known) if (believedUntil <= clock.now()) known.delete(key)
      const announced = [...known.values()].filter(
        (one) => behavior.nat64Prefix !== 'merely left out' || one.until > clock.now(),
      )
      return announced.map(({ option, until: end }) => ({
        ...option,
        ...(behavior.nat64Prefix === 'of another length' && { plc: option.plc + 1 }),
        ...(behavior.nat64Prefix === 'the well-known one' && { prefix: '64:ff9b::' }),
        lifetime: Math.min(maxLifetime, Math.floor(left(clock, end) / unit) * unit),
      }))
    },
  }
}

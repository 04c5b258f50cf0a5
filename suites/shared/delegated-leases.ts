import { type Evidence, type Frame, iaPrefixes, lastAbout, type Mark, pios, prefixContains, ra } from 'denat'
import { lanPrefixAsked, prefixGiven } from '../scenarios/sub-lease.ts'
import { isUlaPrefix } from './askers.ts'

/** The first prefix that was delegated to `downstream`; without it there is nothing to judge. */
export function delegated({ at, assume, every }: Evidence): void {
  at(lanPrefixAsked)
  const first = every(prefixGiven).find(({ name }) => name === 'downstream')
  assume(first?.prefix !== undefined, 'RFC9818-LPD-1')
}

/** A router without a lease may have lost it with the prefix that contained it. */
export function blame({ lan }: Evidence, before: Mark, otherwise: string): string {
  const last = lastAbout('prefix-information', lan.of('host').fromDut.all(ra(), { before }))
  const hasPrefix = last && pios(last).some(({ prefix, validLifetime }) => validLifetime > 0 && !isUlaPrefix(prefix))
  return hasPrefix ? otherwise : 'RFC9818-LPD-3'
}

/** The remaining lifetimes, at a moment, of the newest lease of a prefix. Seconds. */
export function leftOf(grants: readonly Frame[], prefix: string, at: Frame) {
  for (const grant of grants.filter((one) => one.number < at.number).reverse())
    for (const lease of iaPrefixes(grant))
      if (prefixContains(lease.prefix, prefix)) {
        const passed = at.at - grant.at
        return {
          preferred: Math.max(0, lease.preferredLifetime - passed),
          valid: Math.max(0, lease.validLifetime - passed),
        }
      }
  return undefined
}

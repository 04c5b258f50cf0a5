import { type Evidence, prefixContains, prefixLength, requirement } from 'denat'
import { hintLengths, prefixHints } from '../scenarios/prefix-hints.ts'
import { asker, delegatedPrefixes, linkPrefixes } from './askers.ts'

const scenarios = <T extends string>(names: readonly T[]) =>
  Object.fromEntries(names.map((name) => [name, prefixHints])) as Record<T, typeof prefixHints>

const byLength = (length: number): string => (length ? `hint ::/${length}` : 'no hint')

requirement('RFC9818-LPD-7', { cases: scenarios(hintLengths.map(byLength)) }, (evidence) => {
  const { case: name, judge } = evidence
  const length = hintLengths.find((one) => byLength(one) === name)
  const { solicit, reply, prefixes } = asker(evidence, length ? `hint-${length}` : 'no-hint')
  judge.found(reply, `A router that sends ${name} is given a prefix.`, solicit)
  for (const prefix of prefixes)
    judge.equal(prefixLength(prefix), 64, 'With no setting made, its length is', solicit, reply ?? solicit)
})

/** Routers whose hint names a prefix, by what they name. */
const named = {
  'a free prefix': 'hint-free',
  "the LAN's own prefix": 'hint-lan',
  "another router's prefix": 'hint-taken',
  "a prefix that is not the gateway's": 'hint-foreign',
} as const

requirement('RFC8415-18.3.2-PDHINT', { cases: scenarios(Object.keys(named) as (keyof typeof named)[]) }, (evidence) => {
  const { case: what, judge } = evidence
  const { solicit, reply, prefixes } = asker(evidence, named[what as keyof typeof named])
  const granting = judge.found(reply, `A router whose hint names ${what} is given a prefix.`, solicit)
  const others = ['no-hint', 'three', 'eight', ...hintLengths.filter(Boolean).map((length) => `hint-${length}`)]
  const used = [...linkPrefixes(evidence), ...others.flatMap((role) => asker(evidence, role).prefixes)]
  for (const prefix of prefixes) {
    judge.holds(
      delegatedPrefixes(evidence).some((outer) => prefixContains(outer, prefix)),
      'It lies in what the ISP delegated.',
      prefix,
      granting,
    )
    judge.holds(
      !used.some((other) => overlap(other, prefix)),
      'It is neither a link of the LAN nor in part what another router holds.',
      prefix,
      granting,
    )
  }
  const hint = solicitedPrefix(solicit)
  judge.note(prefixes.includes(hint) ? 'The hint was followed.' : `It got ${prefixes.join(', ')} in place of ${hint}.`)
})

import type { Mutant } from './mutant.ts'

export const renumbering: Mutant[] = [
  {
    name: 'stale-prefix-omitted',
    story: 'A stale prefix silently disappears from RAs, and hosts keep it.',
    violates: ['RFC9096-L-13', 'RFC9096-3.5-WANZERO'],
    behaviour: { stalePios: 'omitted' },
  },
  {
    name: 'stale-prefix-kept',
    story: 'A stale prefix is advertised on, with its former lifetimes.',
    violates: ['RFC9096-L-13', 'RFC9096-3.5-WANZERO'],
    behaviour: { stalePios: 'kept' },
  },
  {
    name: 'withdrawn-flags-cleared',
    story: 'A withdrawn prefix has A=0 and L=0, so hosts do not look at its lifetimes.',
    violates: ['RFC9096-L-13 · flags unchanged'],
    behaviour: { withdrawnPioFlags: 'cleared' },
  },
  {
    name: 'stale-source-forwarded',
    story: 'Packets from a stale prefix leave on the WAN.',
    violates: ['RFC7084-L-14'],
    behaviour: { foreignSources: 'forwarded' },
  },
  {
    name: 'stale-source-dropped-silently',
    story: 'Packets from a stale prefix are dropped without a word.',
    violates: ['RFC7084-L-14'],
    behaviour: { foreignSources: 'dropped' },
  },
  {
    name: 'stale-source-code-1',
    story: 'Packets from a stale prefix are answered by code 1.',
    violates: ['RFC7084-L-14'],
    behaviour: { foreignSources: 'code 1' },
  },
  {
    name: 'stale-sub-prefix-extended',
    story: 'The downstream router is granted its dead prefix again and again.',
    violates: ['DENAT-RENUM-CASCADE'],
    behaviour: { staleLeases: 'extended' },
  },
]

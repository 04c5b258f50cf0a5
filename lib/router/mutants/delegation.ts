import type { Mutant } from './mutant.ts'

export const delegation: Mutant[] = [
  {
    name: 'keeps-the-prefix-for-itself',
    story: 'A downstream router is refused with NoPrefixAvail though prefixes are free.',
    violates: ['RFC9818-LPD-1', 'DENAT-PD-1'],
    behaviour: { subDelegates: 'NoPrefixAvail' },
  },
  {
    name: 'ia-pd-ignored',
    story: 'IA_PD on the LAN is ignored.',
    violates: ['RFC9818-LPD-1', 'DENAT-PD-1'],
    behaviour: { subDelegates: 'ignored' },
  },
  {
    name: 'lease-without-route',
    story: 'A prefix is delegated but not routed: replies die at the router. The classic defect of sub-delegation.',
    violates: [
      'RFC9818-LPD-5-ROUTE · replies',
      'RFC9818-LPD-5-ROUTE · first address',
      'RFC9818-LPD-5-ROUTE · last address',
      'RFC9818-LPD-6',
      'DENAT-PD-1',
      'DENAT-E2E-OPEN · firewall off, behind a downstream router',
    ],
    behaviour: { subDelegationRouted: 'not' },
  },
  {
    name: 'route-too-wide',
    story: 'The route of a delegated prefix covers the one behind it as well.',
    violates: ['RFC9818-LPD-5-ROUTE · just outside'],
    behaviour: { subDelegationRouted: 'one /64 too many' },
  },
  {
    name: 'route-outlives-release',
    story: 'The route stays after the Release: the next lease of that prefix is black-holed.',
    violates: ['RFC9818-LPD-5-REMOVE'],
    behaviour: { releaseRemovesRoute: false },
  },
  {
    name: 'anti-spoofing-knows-the-lan-only',
    story: 'The source filter knows the LAN /64 only, and drops what comes from behind a downstream router.',
    violates: ['RFC9818-LPD-6', 'DENAT-PD-1', 'DENAT-E2E-OPEN · firewall off, behind a downstream router'],
    behaviour: { subDelegatedSources: false },
  },
]

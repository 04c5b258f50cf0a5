import type { Freedom } from './freedom.ts'

export const lanRa: Freedom[] = [
  {
    name: 'solicitations-answered-by-multicast',
    clause: 'RFC 4861 section 6.2.6: a solicited RA may be sent by unicast; usually it goes to the all-nodes group',
    behaviour: { solicitedBy: 'multicast' },
  },
  {
    name: 'rtr-adv-interval-600',
    clause: 'RFC 4861 section 6.2.1: MaxRtrAdvInterval is from 4 to 1800 s, MinRtrAdvInterval at most 0.75 of it',
    behaviour: { rtrAdvInterval: { min: 200, max: 600 } },
  },
  {
    name: 'cur-hop-limit-unspecified',
    clause: 'RFC 4861 section 6.2.1: AdvCurHopLimit 0 is unspecified by this router',
    behaviour: { advCurHopLimit: 0 },
  },
]

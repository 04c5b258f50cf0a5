import { compliant } from '../behavior.ts'
import type { Freedom } from './freedom.ts'

const nominal = { doubles: 'nominal' } as const

export const retransmission: Freedom[] = [
  {
    name: 'rand-of-the-nominal-timeout',
    clause: 'RFC 9915 section 15: RTprev may be read as the nominal timeout, to which RAND is added again each time',
    behavior: {
      solicitTimes: { ...compliant.solicitTimes, ...nominal },
      requestTimes: { ...compliant.requestTimes, ...nominal },
      informationTimes: { ...compliant.informationTimes, ...nominal },
      releaseTimes: { ...compliant.releaseTimes, ...nominal },
      declineTimes: { ...compliant.declineTimes, ...nominal },
    },
  },
]

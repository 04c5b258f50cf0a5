import { claim } from 'denat'
import { links } from '../shared/frames.ts'
import { wellFormed } from '../shared/well-formed.ts'

const isMld = (type: unknown) => String(type).startsWith('mld')

export const requirements = [
  wellFormed('RFC3810-5-FORM', claim`multicast listener message`, links, { icmp6: { type: isMld } }),
]

import { claim } from 'denat'
import { links } from '../shared/frames.ts'
import { isOf, wellFormed } from '../shared/well-formed.ts'

const errors = ['destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem']

export const requirements = [
  wellFormed('RFC4443-2-FORM', claim`ICMPv6 error`, links, { icmp6: { type: isOf(errors) } }),
]

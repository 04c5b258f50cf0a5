import { claim } from 'denat'
import { links } from '../shared/frames.ts'
import { isOf, wellFormed } from '../shared/well-formed.ts'

const discovery = [
  'router-solicitation',
  'router-advertisement',
  'neighbor-solicitation',
  'neighbor-advertisement',
  'redirect',
]

export const requirements = [
  wellFormed('RFC4861-4-FORM', claim`Neighbor Discovery message`, links, { icmp6: { type: isOf(discovery) } }),
]

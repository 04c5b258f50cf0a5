import { claim } from 'denat'
import { wellFormed } from '../../shared/well-formed.ts'

export const requirements = [
  wellFormed('RFC9915-16-SERVERFORM', claim`DHCPv6 message of the server`, ({ lan }) => lan.segments, { dhcp6: {} }),
]

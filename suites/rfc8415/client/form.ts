import { claim } from 'denat'
import { wellFormed } from '../../shared/well-formed.ts'

export const requirements = [
  wellFormed('RFC9915-16-CLIENTFORM', claim`DHCPv6 message of the client`, ({ wan }) => [wan], { dhcp6: {} }),
]

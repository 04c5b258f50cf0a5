import { claim } from 'denat'
import { unrepeated } from '../shared/dhcpv4.ts'
import { links } from '../shared/frames.ts'
import { wellFormed } from '../shared/well-formed.ts'

export const requirements = [wellFormed('RFC2131-4-FORM', claim`DHCPv4 message`, links, { dhcp4: {} }, unrepeated)]

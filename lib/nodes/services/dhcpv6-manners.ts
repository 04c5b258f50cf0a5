import type { Dhcpv6 } from '../../wire/dhcpv6.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import type { Variety } from '../variety.ts'

type Message = Exclude<Dhcpv6, { peerAddress: string }>

/** Unassigned codes: a client ignores options that it does not know (RFC 9915 section 16). */
const UNKNOWN = { message: 60_001, ia: 60_002, lease: 60_003 }
const SUCCESS: Dhcpv6Option = { type: 'status-code', status: 0, message: '' }

/** The form of a server's messages where RFC 9915 leaves a choice. */
export interface Manners {
  dress(message: Message): Message
  /** How often an Advertise comes: by two relays it comes twice. */
  advertises: number
  /** RFC 9915 section 7.2: any that it may send from. */
  port: number
}

export function serverManners(variety: Variety): Manners {
  const unknown = variety.pick('unknown DHCPv6 options', ['none', 'in the message', 'in IAs and leases', 'everywhere'])
  const inMessage = unknown === 'in the message' || unknown === 'everywhere'
  const inIas = unknown === 'in IAs and leases' || unknown === 'everywhere'
  const order = variety.pick('DHCPv6 options', ['as usual', 'the other way round', 'IA_PD first'])
  const preference = variety.pick('DHCPv6 preference', ['none', 'none', '0', '7'])
  const success = variety.pick('status Success', ['left out', 'in IAs'])
  const more = (code: number): Dhcpv6Option[] => [{ type: code, data: variety.octets(`DHCPv6 option ${code}`, 5) }]

  const dressed = (option: Dhcpv6Option): Dhcpv6Option => {
    if (option.type === 'ia-na' || option.type === 'ia-pd') {
      const isGranted = option.options.some(({ type }) => type === 'ia-addr' || type === 'ia-prefix')
      return {
        ...option,
        options: [
          ...option.options.map(dressed),
          ...(success === 'in IAs' && isGranted ? [SUCCESS] : []),
          ...(inIas ? more(UNKNOWN.ia) : []),
        ],
      }
    }
    if (inIas && (option.type === 'ia-addr' || option.type === 'ia-prefix'))
      return { ...option, options: [...option.options, ...more(UNKNOWN.lease)] }
    return option
  }
  const ordered = (options: Dhcpv6Option[]): Dhcpv6Option[] => {
    if (order === 'the other way round') return options.reverse()
    const isPd = ({ type }: Dhcpv6Option) => type === 'ia-pd'
    if (order === 'IA_PD first') return [...options.filter(isPd), ...options.filter((option) => !isPd(option))]
    return options
  }

  return {
    advertises: variety.pick('Advertises of a server', [1, 1, 2, 3]),
    port: variety.pick('DHCPv6 server port', [547, 547, 50_547]),
    dress: (message) => ({
      ...message,
      options: ordered([
        ...message.options.map(dressed),
        ...(message.type === 'advertise' && preference !== 'none'
          ? ([{ type: 'preference', value: Number(preference) }] as const)
          : []),
        ...(inMessage ? more(UNKNOWN.message) : []),
      ]),
    }),
  }
}

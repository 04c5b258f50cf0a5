import { addressIn, type Bench } from 'denat'

/**
 * Addresses of the Internet without a node: what is sent there is not answered, so that the scenario alone decides
 * when a packet comes back, and from which port.
 */
export const farEnd = ({ isp }: Bench): string => addressIn(isp.parameters.internetPrefix, 0x90)
export const otherFarEnd = ({ isp }: Bench): string => addressIn(isp.parameters.internetPrefix, 0x91)

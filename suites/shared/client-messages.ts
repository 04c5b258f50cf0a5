import { type Evidence, type Frame, isRelay, type Where } from 'denat'

/** What the router's DHCPv6 client sends on the WAN; messages that a relay forwards are not its own. */
export const clientMessages = ({ wan }: Pick<Evidence, 'wan'>, where: Where = {}): Frame[] =>
  wan.fromDut.all({ dhcp6: {} }, where).filter(({ packet }) => packet.dhcp6 && !isRelay(packet.dhcp6))

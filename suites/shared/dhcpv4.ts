import { type Claim, claim, type Evidence, type Frame, option4, the } from 'denat'

/** The field of the question that a DHCPv4 answer does not copy: RFC 2131 table 3 and section 4.4.1. */
export function unrepeated(frame: Frame, { recording }: Evidence): Claim | undefined {
  const { dhcp4 } = frame.packet
  if (!dhcp4) return undefined
  // The ports of one LAN are bridged: the answer to a question on one port may leave on all.
  const isThere = (port: string) => port.startsWith('wan') === frame.port.startsWith('wan')
  const received = recording.frames.flatMap(({ direction, number, port, packet }) =>
    direction === 'out' && isThere(port) && number < frame.number && packet.dhcp4 ? [packet.dhcp4] : [],
  )
  const server = option4(dhcp4, 'server-id')?.address
  if (dhcp4.op === 'reply') {
    const question = received.findLast(({ op, xid }) => op === 'request' && xid === dhcp4.xid)
    if (!question) return claim`xid ${dhcp4.xid}, which no client uses`
    if (question.chaddr !== dhcp4.chaddr)
      return claim`chaddr ${the.address(dhcp4.chaddr)} instead of ${the.address(question.chaddr)}`
    return question.giaddr === dhcp4.giaddr
      ? undefined
      : claim`giaddr ${the.address(dhcp4.giaddr)} instead of ${the.address(question.giaddr)}`
  }
  if (option4(dhcp4, 'message-type')?.value !== 'request' || server === undefined) return undefined
  const wanted = option4(dhcp4, 'requested-address')?.address
  const isOffered = received.some(
    (offer) => offer.op === 'reply' && offer.yiaddr === wanted && option4(offer, 'server-id')?.address === server,
  )
  return isOffered
    ? undefined
    : claim`${the.address(wanted)} from server ${the.address(server)}, which did not offer it`
}

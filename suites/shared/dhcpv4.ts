import { type Claim, claim, type Evidence, type Frame, option4, the } from 'denat'

/** What a DHCPv4 message does not repeat of the one that it answers: RFC 2131 table 3 and section 4.4.1. */
export function unrepeated(frame: Frame, { recording }: Evidence): Claim | undefined {
  const { dhcp4 } = frame.packet
  if (!dhcp4) return undefined
  // Ports of one LAN are bridged: a question of one may be answered on all.
  const isThere = (port: string) => port.startsWith('wan') === frame.port.startsWith('wan')
  const heard = recording.frames.flatMap(({ direction, number, port, packet }) =>
    direction === 'out' && isThere(port) && number < frame.number && packet.dhcp4 ? [packet.dhcp4] : [],
  )
  const server = option4(dhcp4, 'server-id')?.address
  if (dhcp4.op === 'reply') {
    const question = heard.findLast(({ op, xid }) => op === 'request' && xid === dhcp4.xid)
    if (!question) return claim`xid ${dhcp4.xid}, which no client has,`
    if (question.chaddr !== dhcp4.chaddr)
      return claim`client ${the.address(dhcp4.chaddr)} in place of ${the.address(question.chaddr)}`
    return question.giaddr === dhcp4.giaddr
      ? undefined
      : claim`giaddr ${the.address(dhcp4.giaddr)} in place of ${the.address(question.giaddr)}`
  }
  if (option4(dhcp4, 'message-type')?.value !== 'request' || server === undefined) return undefined
  const wanted = option4(dhcp4, 'requested-address')?.address
  const isOffered = heard.some(
    (offer) => offer.op === 'reply' && offer.yiaddr === wanted && option4(offer, 'server-id')?.address === server,
  )
  return isOffered ? undefined : claim`${the.address(wanted)} from ${the.address(server)}, which was not offered,`
}

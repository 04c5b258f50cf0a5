import { type Evidence, type Frame, option4 } from 'denat'

/** What a DHCPv4 message does not repeat of the one that it answers: RFC 2131 table 3 and section 4.4.1. */
export function unrepeated(frame: Frame, { recording }: Evidence): string | undefined {
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
    if (!question) return `xid ${dhcp4.xid}, which no client has,`
    if (question.chaddr !== dhcp4.chaddr) return `client ${dhcp4.chaddr} in place of ${question.chaddr}`
    return question.giaddr === dhcp4.giaddr ? undefined : `giaddr ${dhcp4.giaddr} in place of ${question.giaddr}`
  }
  if (option4(dhcp4, 'message-type')?.value !== 'request' || server === undefined) return undefined
  const wanted = option4(dhcp4, 'requested-address')?.address
  const isOffered = heard.some(
    (offer) => offer.op === 'reply' && offer.yiaddr === wanted && option4(offer, 'server-id')?.address === server,
  )
  return isOffered ? undefined : `${wanted} from ${server}, which was not offered,`
}

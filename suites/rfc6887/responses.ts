import { type Claim, claim, decodePcpMap, type Frame, invariant, pcpPort, the } from 'denat'

const mapOf = ({ packet }: Frame) => decodePcpMap(packet.payload ?? new Uint8Array())

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')

/** RFC 6887 section 7: the maximum length of a message in octets; it is a multiple of four. */
const longest = 1100

/** What is wrong with a response, given the requests that came from there. */
function wrong(response: Frame, requests: readonly Frame[]): Claim | undefined {
  const { payload = new Uint8Array(), ip6 } = response.packet
  if (payload.length % 4 !== 0 || payload.length > longest) return claim`${payload.length} octets`
  const map = mapOf(response)
  if (!map) return undefined
  if (map.type !== 'response') return claim`no R bit`
  const repeats = (asked: NonNullable<ReturnType<typeof mapOf>>) =>
    hex(asked.nonce) === hex(map.nonce) && asked.protocol === map.protocol && asked.internalPort === map.internalPort
  const asked = requests.filter((one) => {
    const request = mapOf(one)
    return request && repeats(request)
  })
  if (asked.length === 0)
    return claim`nonce ${the.name(hex(map.nonce))}, protocol ${map.protocol}, internal port ${map.internalPort}, which no request has`
  if (!asked.some((one) => one.packet.ip6?.dst === ip6?.src))
    return claim`from ${the.address(ip6?.src)}, to which no request was sent`
  const isGranted = map.result === 0 && map.lifetime > 0
  return isGranted && (map.externalPort === 0 || map.external === '::')
    ? claim`external ${the.name(map.external)} port ${map.externalPort}`
    : undefined
}

export const requirements = [
  invariant('RFC6887-11.3-COPIED', ({ lan, judge, notApplicable, recording }) => {
    const responses = lan.segments.flatMap((link) =>
      link.fromDut.all({ udp: { srcPort: pcpPort } }).map((response) => {
        const { dst } = response.packet.ip6 ?? {}
        const requests = link.toDut.all({ ip6: { src: dst }, udp: { dstPort: pcpPort } }, { before: response })
        return [response, wrong(response, requests)] as const
      }),
    )
    if (responses.length === 0)
      return notApplicable(claim`The router answers no PCP request in this recording.`, ...recording.frames.slice(0, 1))
    const faults = new Map(responses)
    judge.each(
      [...faults.keys()],
      claim`The source address of a PCP response is the destination address of its request. It has the nonce, the protocol and the internal port of the request; a granted mapping has an external address and port.`,
      (frame) => faults.get(frame),
    )
  }),
]

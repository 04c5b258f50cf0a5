import { type Bench, type Dhcpv6Message, type Frame, markOf, parseIpv6 } from 'denat'
import { ask } from './dhcpv6-client.ts'
import { dhcpv6Service } from './dhcpv6-service.ts'
import { discoverFromWan, icmpv6ToRouter, unassignedOnWan } from './from-the-wan.ts'
import { askers, fromUnspecified, invalidSolicitations, wrongSolicitations } from './solicitations.ts'

type Options = Dhcpv6Message['options']

/**
 * Stateless options of the ISP, besides resolvers and search list: RFC 3319, RFC 4075, RFC 5908. The time server is one
 * to which no name resolves.
 */
const stateless = (address: string, time: string): Options => [
  { type: 'sip-domains', domains: ['sip.example.net'] },
  { type: 'sip-servers', servers: [address] },
  { type: 'sntp-servers', servers: [time] },
  { type: 'ntp-server', data: ntpAddress(time) },
]
export const statelessCodes = { SIP_DOMAINS: 21, SIP_SERVERS: 22, DOMAIN_LIST: 24, SNTP_SERVERS: 31, NTP_SERVER: 56 }

/** The answer to an Information-request for them. */
export const statelessAsked = markOf('stateless-options', { frames: ['reply'] })
/** RFC 5908 section 4.1: suboption 1, a server's address. */
export const ntpAddress = (address: string): Uint8Array => Uint8Array.of(0, 1, 0, 16, ...parseIpv6(address))

/** The ISP's answers have these options as well. Called before the router is there. */
export const statelessOptions = ({ isp, internet, internet2 }: Bench): unknown =>
  isp.answerWith('with SIP and time servers as well', (_, usual) =>
    usual && (usual.type === 'reply' || usual.type === 'advertise')
      ? { ...usual, options: [...usual.options, ...stateless(internet.address, internet2.address)] }
      : usual,
  )

/**
 * On a router that has just come online hosts request all that the LAN offers, by valid and invalid messages. From the
 * WAN arrive requests that only the LAN may send, and packets for unassigned addresses.
 */
export async function lanServices(bench: Bench): ReturnType<typeof dhcpv6Service> {
  const { lan, mark } = bench
  const codes = Object.values(statelessCodes)
  const ask = () => lan.host.informationRequest({ codes })
  mark(statelessAsked, {}, { reply: (await ask()) ?? (await ask()) })
  const [server] = await Promise.all([
    dhcpv6Service(bench),
    wrongSolicitations(
      bench,
      askers(bench),
      invalidSolicitations.filter((name) => name !== fromUnspecified),
    ),
    discoverFromWan(bench),
    unassignedOnWan(bench),
    icmpv6ToRouter(bench),
    anonymousInformation(bench),
  ])
  return server
}

/** An Information-request without a Client Identifier, as an anonymous client sends it (RFC 7844 section 4.3.1). */
export const anonymousQuestion = markOf('anonymous-information', { frames: ['question', 'answer'] })

async function anonymousInformation(bench: Bench): Promise<void> {
  const asked = await ask(bench, bench.lan.host, 'information-request', [{ type: 'oro', codes: [23, 24] }])
  bench.mark(anonymousQuestion, {}, asked as { question: Frame; answer?: Frame })
}

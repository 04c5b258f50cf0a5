import { type Bench, type Dhcpv6Message, type Frame, type LanHost, option } from 'denat'

type Options = Dhcpv6Message['options']

/** A question to the router's DHCPv6 server, and its answer if one came in time. */
export interface Asked {
  question: Frame
  answer?: Frame
}

export const allServers = 'ff02::1:2'

/** An identity of its own for each part of a scenario: RFC 8415 section 11.4, DUID-LL. */
export const duidOf = (n: number): string =>
  `00030001 02be0000 0d ${n.toString(16).padStart(2, '0')}`.replaceAll(' ', '')

/** An IA_NA or IA_PD with these addresses or prefixes. */
export function ia(type: 'ia-na' | 'ia-pd', iaid: number, values: readonly string[] = []): Options[number] {
  const asked = { preferredLifetime: 0, validLifetime: 0, options: [] }
  return {
    type,
    iaid,
    t1: 0,
    t2: 0,
    options: values.map((value) =>
      type === 'ia-na' ? { type: 'ia-addr', address: value, ...asked } : { type: 'ia-prefix', prefix: value, ...asked },
    ),
  }
}

/** What a client can't leave out: RFC 9915 sections 21.7 and 21.9. SOL_MAX_RT is what every client asks for. */
function ownOf(type: Dhcpv6Message['type'], options: Options, elapsed: number): Options {
  const asks = ['solicit', 'request', 'renew', 'rebind', 'information-request'].includes(String(type))
  const isAsked = !asks || options.some((one) => one.type === 'oro')
  return [{ type: 'elapsed-time', value: elapsed }, ...(isAsked ? [] : [{ type: 'oro' as const, codes: [82] }])]
}

/** Of one transaction; `elapsed` in hundredths of a second. */
interface Transmission {
  transactionId: number
  elapsed: number
  to?: { address: string; mac?: string } | undefined
  why?: string | undefined
}

const transmit = (
  host: LanHost,
  type: Dhcpv6Message['type'],
  options: Options,
  { transactionId, elapsed, to = { address: allServers }, why }: Transmission,
): Promise<Frame> =>
  host.send(
    {
      ...(to.mac && { eth: { dst: to.mac } }),
      ip6: { src: host.linkLocal, dst: to.address },
      udp: { srcPort: 546, dstPort: 547 },
      dhcp6: { type, transactionId, options: [...ownOf(type, options, elapsed), ...options] },
    },
    why,
  )

/** Sends a DHCPv6 message as it is, with a transaction-id of its own. */
export const sendMessage = (
  { random }: Pick<Bench, 'random'>,
  host: LanHost,
  type: Dhcpv6Message['type'],
  options: Options,
  { to, why }: Pick<Transmission, 'to' | 'why'> = {},
): Promise<Frame> => transmit(host, type, options, { transactionId: random.int(2 ** 24), elapsed: 0, to, why })

/**
 * The same, and waits for an answer with its transaction-id. Without an answer it is sent again, as clients do,
 * unless no answer is expected.
 */
export async function ask(
  { lan, random, timing }: Bench,
  host: LanHost,
  type: Dhcpv6Message['type'],
  options: Options,
  { times = 2 }: { times?: 1 | 2 } = {},
): Promise<Asked> {
  const transactionId = random.int(2 ** 24)
  const question = await transmit(host, type, options, { transactionId, elapsed: 0 })
  const isAnswered = (since: Frame) => lan.awaits({ dhcp6: { transactionId } }, { since, by: timing.answer() })
  let answer = await isAnswered(question)
  if (!answer && times > 1)
    answer = await isAnswered(await transmit(host, type, options, { transactionId, elapsed: 200 }))
  return answer ? { question, answer } : { question }
}

/** The DUID of the server that answered. */
export function serverIn(answer: Frame | undefined): string | undefined {
  const message = answer?.packet.dhcp6
  return message && 'transactionId' in message ? option(message, 'server-id')?.duid : undefined
}

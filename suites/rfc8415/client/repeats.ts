import {
  type Claim,
  carrier,
  claim,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  invariant,
  poweredOn,
  the,
} from 'denat'
import { clientMessages } from '../../shared/client-messages.ts'
import { restarts } from '../../shared/exchange.ts'
import { grouped } from '../../shared/frames.ts'
import { leasesIn } from '../../shared/server-answers.ts'

const serverOf = (frame: Frame): string | undefined => dhcpv6OptionsOf(frame, 'server-id')[0]?.duid

const typeOf = (frame: Frame) => dhcpv6Of(frame).type

/** A prefix without a value, which requests only a length: RFC 9915 section 18.2.4. */
const isHint = ({ prefix }: { prefix: string }): boolean => prefix.startsWith('::/')

type Lease = ReturnType<typeof leasesIn>[number]

const keyOf = ({ ia, prefix }: Lease): string => `${ia.type} ${ia.iaid} ${prefix}`

/** The messages of servers to the router so far. */
interface Learned {
  servers: Set<string>
  /** Servers that assigned a lease, by IA and lease. */
  givers: Map<string, Set<string>>
}

function learn({ servers, givers }: Learned, frame: Frame): void {
  const server = serverOf(frame)
  if (server === undefined) return
  servers.add(server)
  if (typeOf(frame) !== 'reply') return
  for (const lease of leasesIn(frame)) givers.set(keyOf(lease), (givers.get(keyOf(lease)) ?? new Set()).add(server))
}

/** What a message has, and its client did not learn from the server that it names. */
function unlearned(frame: Frame, { servers, givers }: Learned): Claim | undefined {
  const type = typeOf(frame)
  const server = serverOf(frame)
  if (type === 'decline' && dhcpv6OptionsOf(frame, 'ia-pd').length > 0) return claim`an IA_PD in a Decline`
  if (server === undefined) return undefined
  if (!servers.has(server)) return claim`the server ${the.name(server)}, which has sent no message,`
  if (type === 'request' || type === 'information-request') return undefined
  const leases = leasesIn(frame).filter((lease) => !isHint(lease))
  const strange = leases.find((lease) => !givers.has(keyOf(lease)))
  if (strange)
    return claim`${the.prefix(strange.prefix)} in ${the.name(strange.ia.type)} ${strange.ia.iaid}, in which no Reply had it,`
  const isTheirs = leases.length === 0 || leases.some((lease) => givers.get(keyOf(lease))?.has(server))
  return isTheirs ? undefined : claim`the server ${the.name(server)}, which assigned none of its leases,`
}

/** Only these messages name a server. */
const toOneServer: readonly unknown[] = ['request', 'renew', 'release', 'decline', 'information-request']

/** The largest value, which means that or more; a client with whole seconds, or on a slow machine, differs by less than `coarse`. Seconds. */
const longest = 655

const coarse = 1.6

/** Elapsed Time of a message, in seconds, where it has one. */
const elapsedIn = (frame: Frame): number | undefined => {
  const [option] = dhcpv6OptionsOf(frame, 'elapsed-time')
  return option && option.value / 100
}

/** A message and its retransmissions; a client may restart an exchange with the same transaction-id. */
function exchanges(evidence: Evidence): Frame[][] {
  const cuts = [...evidence.every(poweredOn), ...evidence.every(carrier)]
  const key = (frame: Frame) => {
    const ias = (['ia-na', 'ia-pd'] as const).filter((type) => dhcpv6OptionsOf(frame, type).length > 0)
    return elapsedIn(frame) === undefined ? undefined : `${typeOf(frame)} ${dhcpv6Of(frame).transactionId} ${ias}`
  }
  return [...grouped(clientMessages(evidence), key).values()].flatMap((sent) => {
    const courses: Frame[][] = []
    for (const frame of sent) {
      const course = courses.at(-1)
      const last = course?.at(-1)
      const isCut = cuts.some(({ mark: { at } }) => last && at > last.at && at < frame.at)
      const isNew = isCut || (last && elapsedIn(frame) === 0 && restarts(evidence, last, frame))
      if (course && !isNew) course.push(frame)
      else courses.push([frame])
    }
    return courses
  })
}

export const requirements = [
  invariant('RFC9915-18.2-CLIENTREPEATS', (evidence) => {
    const { judge, wan, notApplicable, recording } = evidence
    const learned: Learned = { servers: new Set(), givers: new Map() }
    const answers = wan.toDut.all({ dhcp6: { type: (type: unknown) => type === 'advertise' || type === 'reply' } })
    const sent = clientMessages(evidence).filter((frame) => toOneServer.includes(typeOf(frame)))
    const wrong = new Map<Frame, Claim | undefined>()
    for (const frame of [...answers, ...sent].sort((a, b) => a.number - b.number))
      if (frame.direction === 'out') learn(learned, frame)
      // A client that went on through the start of the recording knows what is not in it.
      else if (learned.servers.size > 0) wrong.set(frame, unlearned(frame, learned))
    if (wrong.size === 0)
      return notApplicable(
        claim`The client sent no message to one server in this recording.`,
        ...recording.frames.slice(0, 1),
      )
    judge.each(
      [...wrong.keys()],
      claim`A message to one server names a server that has answered; its leases are those of a Reply, in the same IA, and that server has assigned one of them.`,
      (frame) => wrong.get(frame),
    )
  }),

  invariant('RFC9915-21.9-ELAPSED', (evidence) => {
    const { judge, given } = evidence
    const wrong = new Map<Frame, Claim | undefined>()
    for (const [first, ...repeated] of exchanges(evidence)) {
      if (!first) continue
      wrong.set(first, undefined)
      // The first message may have been lost: Elapsed Time is above 0 then.
      const begun = first.at - (elapsedIn(first) ?? 0)
      for (const frame of repeated) {
        const elapsed = elapsedIn(frame) ?? 0
        const passed = frame.at - begun
        const isFar = Math.abs(elapsed - passed) > coarse + 0.1 * passed
        wrong.set(
          frame,
          isFar && passed < longest
            ? claim`${the.seconds(elapsed)}, where ${the.seconds(passed, 1)} had passed,`
            : undefined,
        )
      }
    }
    given([...wrong.keys()][0], 'RFC7084-WAA-3')
    judge.each(
      [...wrong.keys()].sort((a, b) => a.number - b.number),
      claim`The Elapsed Time of a retransmission is the time since the first message of its exchange, in hundredths of a second.`,
      (frame) => wrong.get(frame),
    )
  }),
]

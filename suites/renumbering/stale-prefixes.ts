import {
  dhcpv6,
  type Evidence,
  echoRequest,
  type Frame,
  granted,
  iaPrefixes,
  icmpv6,
  inPrefix,
  pios,
  prefixContains,
  quoted,
  ra,
  raOf,
  raUpdate,
  requirement,
} from 'denat'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { renewal } from '../scenarios/renewal.ts'
import { withdrawal } from '../scenarios/withdrawal.ts'

const piosIn = (frame: Frame, prefix: string) => pios(frame).filter((pio) => prefixContains(prefix, pio.prefix))

/** The last LAN RA before a moment that carried a live prefix out of `prefix`. */
function lastLive({ lan }: Evidence, prefix: string, before: Frame): Frame | undefined {
  return lan
    .of('host')
    .fromDut.all(ra(), { before })
    .findLast((frame) => piosIn(frame, prefix).some((pio) => pio.validLifetime > 0))
}

requirement(
  'RFC9096-L-13',
  { cases: { 'lifetimes 0': flashRenumbering, 'flags unchanged': flashRenumbering } },
  (evidence) => {
    const { case: what, lan, judge, given, did, framesOf } = evidence
    const swapped = did('swapped')
    const old = String(swapped.data?.old)
    const reply = framesOf(swapped)[1] as Frame
    const before = given(lastLive(evidence, old, reply), 'RFC7084-W-4')
    did('new-flow')
    const after = lan.of('host').fromDut.all(ra(), { after: reply })
    const withdrawing = after.find((frame) =>
      piosIn(frame, old).some((pio) => pio.preferredLifetime === 0 && pio.validLifetime === 0),
    )
    const told = judge.found(
      withdrawing,
      `The stale prefix in ${old} is advertised with preferred and valid lifetime 0.`,
      before,
      reply,
    )
    if (what === 'lifetimes 0') {
      judge.within(told.at - reply.at, raUpdate, 'It is withdrawn at once.', reply, told)
      return
    }
    const [was] = piosIn(before, old)
    const [now] = piosIn(told, old)
    judge.holds(
      was?.autonomous === now?.autonomous && was?.onLink === now?.onLink,
      `Its A and L flags are as before (A=${Number(was?.autonomous)} L=${Number(was?.onLink)}).`,
      `A=${Number(now?.autonomous)} L=${Number(now?.onLink)}`,
      before,
      told,
    )
  },
)

requirement('RFC9096-3.5-WANZERO', withdrawal, (evidence) => {
  const { lan, judge, given, did, framesOf } = evidence
  const withdrawn = did('withdrawn')
  const old = String(withdrawn.data?.old)
  const reply = framesOf(withdrawn)[1] as Frame
  const named = iaPrefixes(framesOf(withdrawn)[0] as Frame).some(({ prefix }) => prefix === old)
  const zeroed = iaPrefixes(reply).some(({ prefix, validLifetime }) => prefix === old && validLifetime === 0)
  // The ISP answers for what it was asked, by a client that it knows.
  given(zeroed ? reply : undefined, named ? 'RFC7084-W-5' : 'RFC7084-WPD-1')
  const before = given(lastLive(evidence, old, reply), 'RFC7084-W-4')
  const told = judge.found(
    lan
      .of('host')
      .fromDut.all(ra(), { after: reply })
      .find((frame) => piosIn(frame, old).some((pio) => pio.preferredLifetime === 0 && pio.validLifetime === 0)),
    'Its LAN sub-prefix is advertised with preferred and valid lifetime 0.',
    before,
    reply,
  )
  judge.within(told.at - reply.at, raUpdate, 'It is withdrawn at once.', reply, told)
  did('after-withdrawal')
  const last = lan.of('host').fromDut.last(ra(), { after: reply }) ?? told
  judge.equal(raOf(last).routerLifetime, 0, 'With no prefix left but ULAs the Router Lifetime (L-4, ULA-5) is', last)
})

requirement('RFC7084-L-14', flashRenumbering, ({ lan, wan, judge, given, did, marks, framesOf }) => {
  const stale = did('stale-source')
  const [sent] = framesOf(stale)
  const flow = did('new-flow')
  given(framesOf(flow)[0], 'DENAT-DEFAULT-1')
  const probe = sent as Frame
  judge.absent(
    wan.fromDut.all(echoRequest({}, { ip6: { src: String(stale.data?.address) } }), { after: probe }),
    'A packet from an invalidated prefix does not leave on the WAN.',
    { fence: flow, since: probe },
  )
  const error = lan
    .of('host')
    .fromDut.all(icmpv6('destination-unreachable'), { after: probe, before: flow })
    .find((frame) => quoted(frame)?.ip6?.src === stale.data?.address)
  const probes = marks('stale-source').flatMap((mark) => framesOf(mark).slice(0, 1))
  const told = judge.found(error, 'Its sender is told by Destination Unreachable.', ...probes)
  judge.equal(told.packet.icmp6?.code, 5, 'Its code (source address failed ingress/egress policy)', told)
  const cause = probes.findLast((frame) => frame.number < told.number) ?? probe
  judge.within(told.at - cause.at, { min: 0, max: 1, why: 'within 1 s' }, 'It comes at once.', cause, told)
})

/** RAs and their PIO lifetimes lag behind by what is rounded down and by the RA's own delay. Seconds. */
const lifetimeTolerance = 2
/** Only of a lease this old can it be seen whether its lifetimes are counted down. Seconds. */
const oldEnough = 10

requirement('RFC9096-L-15', renewal, ({ lan, judge, given, did, framesOf, marks }) => {
  const grant = given(framesOf(did('granted'))[0], 'RFC7084-W-4')
  const renewed = did('renewed')
  const [delegated = '::/0'] = granted(grant)
  const [lease] = iaPrefixes(grant)
  const sent = lan.fromDut
    .all(ra(), { after: grant, before: framesOf(renewed)[0] ?? renewed })
    .filter((frame) => piosIn(frame, delegated).some((pio) => pio.validLifetime > 0))
  const aged = given(
    sent.find((frame) => frame.at - grant.at >= oldEnough),
    'RFC7084-L-1',
  )
  judge.each(
    sent,
    `Lifetimes of PIOs never exceed what is left of the lease (${lease?.preferredLifetime}/${lease?.validLifetime} s at its beginning).`,
    (frame) => {
      const elapsed = frame.at - grant.at
      const preferred = (lease?.preferredLifetime ?? 0) - elapsed + lifetimeTolerance
      const valid = (lease?.validLifetime ?? 0) - elapsed + lifetimeTolerance
      const over = piosIn(frame, delegated).find(
        (pio) => pio.preferredLifetime > preferred || pio.validLifetime > valid,
      )
      return over && `${over.preferredLifetime}/${over.validLifetime} s, ${elapsed.toFixed(1)} s after the Reply,`
    },
  )
  judge.note(`An RA was seen ${(aged.at - grant.at).toFixed(1)} s after the Reply.`, aged, ...marks('lease-age'))
})

requirement('DENAT-RENUM-CASCADE', flashRenumbering, ({ lan, judge, given, did, framesOf, world, marks }) => {
  const swapped = did('swapped')
  const [old, fresh] = [String(swapped.data?.old), String(swapped.data?.fresh)]
  const held = given(marks('sub-delegated')[0], 'RFC9818-LPD-1')
  given(framesOf(did('behind-ping'))[0], 'RFC9818-LPD-6')
  const reply = framesOf(swapped)[1] as Frame
  const moved = did('sub-delegated-anew')
  const link = lan.of('downstream')
  const duid = world.stations.downstream?.duid
  const answers = link.fromDut.all(dhcpv6('reply', { clientId: { duid } }), { after: reply })
  const renewed = judge.found(
    answers.find((frame) => granted(frame).some((prefix) => prefixContains(fresh, prefix))),
    `The downstream router is given a prefix out of the new ${fresh} by its T1, and 10 s.`,
    reply,
    held,
    moved,
  )
  // A Renew that crosses the change on its way is answered as things were.
  const settled = answers.filter((frame) => frame.at > reply.at + raUpdate.goal)
  const stillOld = settled.find((frame) => granted(frame).some((prefix) => prefixContains(old, prefix)))
  judge.holds(
    stillOld === undefined,
    `It is granted nothing out of the dead ${old} any more.`,
    'a live prefix of it',
    stillOld ?? renewed,
  )
  const after = did('behind-after')
  judge.holds(
    typeof after.data?.address === 'string' && inPrefix(after.data.address, fresh),
    'The host behind it has an address out of the new prefix.',
    `its address is ${after.data?.address}`,
    after,
  )
  judge.found(framesOf(after)[0], 'It reaches the Internet from there.', after)
})

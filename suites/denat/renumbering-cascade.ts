import { claim, type Evidence, echoRequest, granted, inPrefix, prefixContains, requirement, the } from 'denat'
import { isHeedful, repliesTo, withoutAddress } from '../shared/observers.ts'
import {
  cells,
  changeOnLan,
  freshOf,
  lackingFor,
  moved,
  type OfChange,
  type Renumbered,
} from '../shared/renumbering.ts'
import { behindAfter, oldRoute, subDelegatedAgain, terminalFlow } from '../steps/renumber.ts'
import { behindPing, subDelegated } from '../steps/sub-delegated.ts'

const all = ['Renew', 'NoBinding', 'link flap', 'expiry', 'Reconfigure', 'orderly reboot', 'power cut'] as const

/** What a downstream router, or a host behind it, is asked rests on the prefix that it had. */
const ofDownstream =
  (judge: OfChange): OfChange =>
  (evidence, change) => {
    const { every, given, assume, at } = evidence
    changeOnLan(evidence, change)
    isHeedful(evidence, 'downstream', change.over)
    given(every(subDelegated)[0]?.mark, 'RFC9818-LPD-1')
    given(at(behindPing).reply, 'RFC9818-LPD-6')
    assume(change.held !== undefined, lackingFor(evidence, change.begun, 'RFC9818-LPD-1'))
    judge(evidence, change)
  }

function terminalMoved(evidence: Evidence, change: Renumbered) {
  const { judge } = evidence
  changeOnLan(evidence, change)
  const { address, begun } = change
  if (!address) return withoutAddress(evidence, begun)
  isHeedful(evidence, 'terminal', change.over)
  const flow = change.at(terminalFlow)
  moved(evidence, change, flow, claim`The address of a DHCPv6-only host after its next Renew`)
  judge.found(flow.reply, flow.mark, claim`The host reaches the Internet with this address.`)
}

function routerMoved(evidence: Evidence, change: Renumbered): void {
  const { judge } = evidence
  const { old, learned, begun } = change
  const fresh = freshOf(change)
  const { mark: moved } = change.at(subDelegatedAgain)
  const answers = repliesTo(evidence, 'downstream', change)
  const renewed = judge.found(
    answers.find((frame) => granted(frame).some((prefix) => prefixContains(fresh, prefix))),
    moved,
    claim`At its next Renew (T1, and 10 s) the downstream router is delegated a prefix from the new ${the.prefix(fresh)}.`,
    learned,
    begun,
  )
  // A Renew that crosses the change on its way is answered as things were.
  const settled = answers.filter((frame) => frame.number >= renewed.number)
  const stillOld = settled.find((frame) => granted(frame).some((prefix) => prefixContains(old, prefix)))
  judge.holds(
    stillOld === undefined,
    claim`The router delegates no prefix from the expired ${the.prefix(old)} to the downstream router.`,
    claim`a valid prefix from it`,
    stillOld ?? renewed,
  )
}

function behindMoved({ judge, given }: Evidence, change: Renumbered): void {
  const fresh = freshOf(change)
  given(change.at(subDelegatedAgain).granting, 'DENAT-RENUM-CASCADE')
  const { address, reply, mark } = change.at(behindAfter)
  judge.holds(
    address !== undefined && inPrefix(address, fresh),
    claim`The host behind the downstream router has an address from the new prefix.`,
    address ? claim`its address is ${the.address(address)}` : claim`no address`,
    change.learned,
    mark,
  )
  judge.found(reply, mark, claim`The host reaches the Internet with this address.`)
}

function oldRouteGone(evidence: Evidence, { trigger, source, begun, at }: Renumbered): void {
  const { lan, judge, every, given } = evidence
  at(behindAfter)
  const probed = every(oldRoute).find((one) => one.trigger === trigger)
  const probe = given(probed?.probe, source ? 'DENAT-RENUM-CASCADE' : lackingFor(evidence, begun, 'DENAT-GUA-1'))
  const target = probe.packet.ip6?.dst
  judge.absent(
    lan.of('downstream').fromDut.all(echoRequest({ id: 502 }, { ip6: { dst: target } }), { after: probe }),
    claim`The router no longer forwards packets to ${the.address(target)}, in the former prefix of the downstream router, to that router.`,
    { fence: given(probed?.fence, 'DENAT-RENUM-CASCADE'), since: probe },
  )
}

export const requirements = [
  requirement('DENAT-RENUM-CASCADE', {
    ...cells('DHCPv6 host', terminalMoved, ...all),
    ...cells('downstream router', ofDownstream(routerMoved), ...all),
    ...cells('host behind it', ofDownstream(behindMoved), ...all),
    ...cells('route for the old prefix', ofDownstream(oldRouteGone), ...all),
  }),
]

import {
  claim,
  dhcpv6,
  type Evidence,
  iaPrefixes,
  inPrefix,
  type Judgement,
  on,
  pios,
  prefixContains,
  ra,
  requirement,
  the,
} from 'denat'
import { lineFlaps } from '../scenarios/line-flaps.ts'
import { restart } from '../scenarios/restart.ts'
import { transit } from '../scenarios/transit.ts'
import { wanPrefixes } from '../scenarios/wan-prefixes.ts'
import { prefixEdge } from '../steps/transit/prefix-edge.ts'

/** For a /56, RFC7084-WPD-5 is the counterpart of `inside`. */
const others = {
  '/57': lineFlaps,
  '/58': lineFlaps,
  '/59': lineFlaps,
  '/60': wanPrefixes,
  '/61': lineFlaps,
  '/62': restart,
}

/** An address next to the prefix. */
const outside = 'beside'

const lines = { '/56': transit, ...others }

/** The probes at the edge of a delegated prefix of this length. */
function probed(
  { at, begun, every, given, assume, lan, wan, recording, notApplicable, undecided }: Evidence,
  length: string,
) {
  const edges = every(prefixEdge)
  const isProbed = edges.some((one) => `/${one.length}` === length)
  if (!isProbed && recording.outcome.end === 'complete') {
    // A home gateway delegates longer prefixes than an ISP.
    if (edges[0]) notApplicable(claim`This line delegates no ${the.name(length)}.`, edges[0].mark)
    undecided(claim`The bench did not probe the edge of a prefix.`, begun())
  }
  const { kept, sent, fence, inside, outside, from, mark } = at(prefixEdge, (one) => `/${one.length}` === length)
  const isOfIt = ({ prefix }: { prefix: string }) => inPrefix(inside, prefix)
  const delegated = wan.toDut
    .all(dhcpv6('reply', { iaPd: {} }), { before: mark })
    .flatMap(iaPrefixes)
    .find(isOfIt)
  const isAdvertised = ({ prefix }: { prefix: string }) =>
    delegated !== undefined && prefixContains(delegated.prefix, prefix)
  const advertised = lan.fromDut.all(ra(), { before: mark }).find((frame) => pios(frame).some(isAdvertised))
  assume(from !== undefined, advertised ? 'DENAT-GUA-1' : 'RFC7084-WPD-3')
  const by = 'DENAT-DEFAULT-1'
  return { inside, outside, kept: given(kept, by), sent: given(sent, by), fence: given(fence, by) }
}

const isKept =
  (length: string): Judgement =>
  (evidence) => {
    const { inside, kept, fence } = probed(evidence, length)
    evidence.judge.absent(
      evidence.wan.fromDut.all({ ip6: { dst: inside } }, { after: kept }),
      claim`The router does not forward a packet to ${the.address(inside)}, the last address of a delegated ${the.name(length)}, to the WAN.`,
      { fence, since: kept },
    )
  }

const isForwarded =
  (length: string): Judgement =>
  (evidence) => {
    const { outside, sent, fence } = probed(evidence, length)
    evidence.judge.found(
      evidence.wan.fromDut.seek({ ip6: { dst: outside } }, { after: sent, before: fence }),
      fence,
      claim`The router forwards a packet to ${the.address(outside)} to the WAN. This address is outside a delegated ${the.name(length)} and differs from it only in the last bit of the prefix.`,
      sent,
    )
  }

export const requirements = [
  requirement('RFC7608-2-ANYLENGTH', {
    ...Object.fromEntries(
      Object.entries(others).map(([length, line]) => [
        `${length}, inside`,
        on(line, isKept(length), { follows: ['RFC7084-WPD-5 · from the LAN'] }),
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(lines).map(([length, line]) => [[length, outside].join(', '), on(line, isForwarded(length))]),
    ),
  }),
]

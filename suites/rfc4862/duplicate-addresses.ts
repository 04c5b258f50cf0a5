import {
  claim,
  dhcpv6,
  type Evidence,
  type Frame,
  inPrefix,
  type Judgement,
  na,
  on,
  powerCut,
  requirement,
  the,
} from 'denat'
import {
  askedForOwn,
  claimed,
  duplicateAddresses,
  type Kind,
  kinds,
  unclaimed,
} from '../scenarios/duplicate-addresses.ts'
import { firstAdvertised } from '../steps/router-advertisement.ts'

const isOf = (kind: Kind) => (one: { what: Kind }) => one.what === kind

const linkOf = ({ wan, lan }: Evidence, kind: Kind) => (kind.startsWith('WAN') ? wan : lan.of('host'))

/** Ends the judgement where there is a reason why DAD for such an address was not recorded. */
function needed(evidence: Evidence, kind: Kind) {
  const { isp, wan, every, given, notApplicable } = evidence
  const missed = every(unclaimed).find(isOf(kind))
  if (!missed) return
  const unseen = claim`DAD for this address was not recorded: the port may have come up after it.`
  if (kind.includes('link-local')) notApplicable(unseen, missed.mark)
  const link = linkOf(evidence, kind)
  const prefixes = kind === 'WAN address' ? [isp.wanPrefix] : isp.dhcpv6.prefixes
  const ours = (address: unknown) => prefixes.some((prefix) => inPrefix(String(address), prefix))
  const used = link.fromDut.first(na({ target: ours })) ?? link.fromDut.first({ ip6: { src: ours } })
  if (kind === 'LAN address') {
    // Its address may be on an interface that is not a link: RFC 7084 WAA-7.
    if (!used) return notApplicable(claim`The router has no such address on its LAN.`, missed.mark)
    const grant = wan.toDut.first(dhcpv6('reply', { iaPd: {} }))
    if (!grant || !link.fromDut.first({ ip6: {} }, { before: grant })) notApplicable(unseen, missed.mark, used)
  }
  given(used, 'RFC7084-WAA-1')
}

const isChecked =
  (kind: Kind): Judgement =>
  (evidence) => {
    const { judge, given, at, every } = evidence
    if (kind.startsWith('WAN') && evidence.wan.carrier === 'PPP')
      return evidence.notApplicable(claim`The line is a PPP link: there is no other node that could have the address.`)
    needed(evidence, kind)
    const found = every(claimed).find(isOf(kind))
    const over = every(unclaimed).find(isOf(kind)) ?? at(askedForOwn, isOf(kind))
    judge.found(
      found?.mark,
      over.mark,
      claim`The router performs DAD for its ${the.name(kind)}.`,
      at(firstAdvertised).mark,
    )
    const { address, defence, mark } = at(claimed, isOf(kind))
    const own = at(askedForOwn, isOf(kind))
    const since = defence ?? mark
    const before = every(powerCut).find((cut) => cut.mark.at > mark.at)
    const where = { after: since, ...(before && { before: before.mark }) }
    const link = linkOf(evidence, kind)
    const used: Frame[] = [
      ...link.fromDut.all({ ip6: { src: address } }, where),
      ...link.fromDut.all(na({ target: address }), where),
    ]
    // An interface without its link-local address is disabled (RFC 4862 section 5.4.5), and answers nothing.
    const silent = kind.includes('link-local') ? own.mark : undefined
    judge.absent(
      used,
      claim`After another node has advertised ${the.address(address)} as its own, the router does not use that address.`,
      {
        fence: given(own.answer ?? silent, 'RFC7084-G-1'),
        since,
      },
    )
  }

export const requirements = [
  requirement(
    'RFC4862-5.4-DAD',
    Object.fromEntries(kinds.map((kind) => [kind, on(duplicateAddresses, isChecked(kind))])),
  ),
]

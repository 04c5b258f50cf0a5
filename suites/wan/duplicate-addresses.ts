import { type Frame, inside, na, requirement } from 'denat'
import { duplicateAddresses } from '../scenarios/duplicate-addresses.ts'

const kinds = ['WAN address', 'LAN address', 'WAN link-local address', 'LAN link-local address']

requirement(
  'RFC4862-5.4-DAD',
  { cases: Object.fromEntries(kinds.map((kind) => [kind, duplicateAddresses])) },
  ({ case: what, wan, lan, isp, judge, given, did, marks, framesOf, notApplicable }) => {
    const about = (name: string) => marks(name).find((mark) => mark.data?.what === what)
    const missed = about('unclaimed')
    if (missed && what.includes('link-local'))
      return notApplicable('The check of this address was not seen: the port may have come up after it.', missed)
    const link = what.startsWith('WAN') ? wan : lan.of('host')
    if (missed) {
      const prefix = what === 'WAN address' ? isp.wanPrefix : isp.dhcpv6.prefixes[0]
      const ours = inside(prefix ?? '::/0')
      const used = link.fromDut.first(na({ target: ours })) ?? link.fromDut.first({ ip6: { src: ours } })
      // Its address may be on an interface that is no link: RFC 7084 WAA-7.
      if (!used && what === 'LAN address') return notApplicable('The router has no such address on its LAN.', missed)
      given(used, 'RFC7084-WAA-1')
    }
    const over = missed ?? did('asked-for-own', (mark) => mark.data?.what === what)
    const claimed = judge.found(about('claimed'), over, `The router checks its ${what} by DAD.`, did('first-ra'))
    const own = did('asked-for-own', (mark) => mark.data?.what === what)
    const address = String(claimed.data?.address)
    const [, defended] = framesOf(claimed)
    const before = marks('power-cut').find((mark) => mark.at > claimed.at)
    const where = { after: defended ?? claimed, ...(before && { before }) }
    const used: Frame[] = [
      ...link.fromDut.all({ ip6: { src: address } }, where),
      ...link.fromDut.all(na({ target: address }), where),
    ]
    // Without its link-local address an interface is out of use (RFC 4862 section 5.4.5), and answers nothing.
    const silent = what.includes('link-local') ? own : undefined
    judge.absent(used, `Once another node has said that it has ${address}, the router does not use it.`, {
      fence: given(framesOf(own)[1] ?? silent, 'RFC7084-G-1'),
      since: defended ?? claimed,
    })
  },
)

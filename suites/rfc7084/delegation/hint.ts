import { claim, dhcpv6, iaPrefixes, parsePrefix, prefixLength, requirement, the } from 'denat'
import { coldBoot } from '../../scenarios/cold-boot.ts'

export const requirements = [
  requirement('RFC7084-WPD-2', coldBoot, ({ wan, world, judge, given, notApplicable }) => {
    const solicits = wan.fromDut.all(dhcpv6('solicit', { iaPd: {} }))
    const first = given(solicits[0], 'RFC7084-W-4')
    const hints = solicits.flatMap((frame) =>
      iaPrefixes(frame)
        .filter(({ prefix }) => parsePrefix(prefix).address.every((octet) => octet === 0))
        .map(({ prefix }) => ({ frame, length: prefixLength(prefix) })),
    )
    if (hints.length === 0)
      return notApplicable(claim`The router sends no hint for the prefix length, which is permitted.`, first)
    const links = world.segments.length
    // A /64 for each of 16^n links, rounded up to the nibble.
    const longest = 64 - 4 * Math.ceil(Math.log2(Math.max(1, links)) / 4)
    for (const { frame, length } of hints)
      judge.holds(
        length > 0 && length <= longest,
        claim`The hint is a prefix with a /64 for each of its ${links} LAN links, rounded up to the nibble: /${longest} or shorter.`,
        claim`the hint ::/${length}`,
        frame,
      )
    judge.note(claim`The hint is a /${hints[0]?.length ?? the.name(undefined)}.`, first)
  }),
]

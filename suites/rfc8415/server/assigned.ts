import { claim, formatIpv6, inPrefix, invariant, isUla, type LinkView, parseIpv6, pios, ra, the } from 'denat'
import { grantsIn } from '../../shared/grants.ts'
import { leasesIn, serverAnswers } from '../../shared/server-answers.ts'

/** RFC 2526: the last 128 of a /64 are anycast. RFC 4291 section 2.6.1: the first one is as well. */
function isReserved(address: string): boolean {
  const id = Buffer.from(parseIpv6(address).subarray(8)).toString('hex')
  return id === '0000000000000000' || (id >= 'fdffffffffffff80' && id <= 'fdffffffffffffff')
}

/** Addresses that the router was seen to try for itself on a link. */
const ownOn = ({ fromDut }: LinkView): Set<string> =>
  new Set(
    fromDut
      .all({ ip6: { src: '::' }, icmp6: { type: 'neighbor-solicitation' } })
      .flatMap(({ packet: { icmp6 } }) => (icmp6?.type === 'neighbor-solicitation' ? [icmp6.target] : [])),
  )

export const requirements = [
  invariant('RFC9915-13.1-ASSIGNED', (evidence) => {
    const { judge, lan, notApplicable, recording } = evidence
    const answers = serverAnswers(evidence).filter(({ answer }) =>
      leasesIn(answer).some(({ ia }) => ia.type === 'ia-na'),
    )
    if (answers.length === 0)
      return notApplicable(claim`No address is leased on the LAN in this recording.`, ...recording.frames.slice(0, 1))
    const advertised = new Map(
      lan.segments.map((link) => [
        link,
        [...new Set(link.fromDut.all(ra()).flatMap((frame) => pios(frame).map(({ prefix }) => prefix)))],
      ]),
    )
    const granted = grantsIn(evidence).map(({ prefix }) => prefix)
    const own = new Map(lan.segments.map((link) => [link, ownOn(link)]))
    const of = new Map(answers.map(({ answer, link }) => [answer, link]))
    judge.each(
      answers.map(({ answer }) => answer),
      claim`An address that is leased on the LAN is within a prefix of that link, is not reserved, and is not an address of the router.`,
      (frame) => {
        const link = of.get(frame) as LinkView
        for (const { prefix, validLifetime } of leasesIn(frame)) {
          const [address = '', length] = prefix.split('/')
          if (length !== '128' || validLifetime === 0) continue
          const onLink = advertised.get(link) ?? []
          const elsewhere = [...advertised].find(
            ([other, all]) => other !== link && all.some((one) => inPrefix(address, one)),
          )
          if (!onLink.some((one) => inPrefix(address, one))) {
            if (elsewhere)
              return claim`${the.address(formatIpv6(parseIpv6(address)))}, which is within a prefix of ${the.name(elsewhere[0].name)},`
            if (!isUla(address) && !granted.some((one) => inPrefix(address, one)))
              return claim`${the.address(address)}, which is in no prefix of the LAN or the line,`
          }
          if (isReserved(address)) return claim`${the.address(address)}, which is reserved (RFC 5453),`
          if (own.get(link)?.has(address)) return claim`${the.address(address)}, which is an address of the router,`
        }
        return undefined
      },
    )
  }),
]

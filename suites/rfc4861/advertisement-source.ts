import { claim, invariant, isLinkLocal, ra, the } from 'denat'

export const requirements = [
  invariant('RFC4861-4.2-RASOURCE', (evidence) => {
    const { judge, given, lan } = evidence
    const sent = lan.fromDut.all(ra())
    given(sent[0], 'RFC7084-L-1')
    judge.each(sent, claim`Every Router Advertisement comes from a link-local address.`, (frame) =>
      isLinkLocal(frame.packet.ip6?.src ?? '::') ? undefined : claim`source ${the.address(frame.packet.ip6?.src)}`,
    )
  }),
]

import { claim, invariant, isLinkLocal, ra, the } from 'denat'

export const requirements = [
  invariant('RFC4861-4.2-RASOURCE', (evidence) => {
    const { judge, given, lan } = evidence
    const sent = lan.fromDut.all(ra())
    given(sent[0], 'RFC7084-L-1')
    judge.each(sent, claim`The source address of each Router Advertisement is link-local.`, (frame) =>
      isLinkLocal(frame.packet.ip6?.src ?? '::') ? undefined : claim`source ${the.address(frame.packet.ip6?.src)}`,
    )
  }),
]

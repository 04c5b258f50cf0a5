import { claim, invariant, ndOptionsOf, ra, the } from 'denat'

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')

export const requirements = [
  invariant('RFC8106-5.2-PADDING', ({ lan, judge, given }) => {
    const sent = lan.fromDut.all(ra())
    given(sent[0], 'RFC7084-L-1')
    judge.each(sent, claim`The padding of a DNSSL option consists of zeros.`, (frame) => {
      const wrong = ndOptionsOf(frame, 'dnssl').find(({ overrun }) => overrun !== undefined)
      return (
        wrong &&
        claim`${the.name(hex(wrong.overrun as Uint8Array))} after ${wrong.domains.at(-1) === undefined ? claim`no name` : the.text(wrong.domains.at(-1))}`
      )
    })
  }),
]

import { claim, clientStart, dhcpv6, pios, ra, requirement, the } from 'denat'
import { behindGateway } from '../scenarios/behind-gateway.ts'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { receivedRa } from '../shared/received-ra.ts'

export const requirements = [
  requirement('RFC9762-6-PFLAG', [coldBoot, behindGateway], ({ lan, judge, given }) => {
    const sent = lan.fromDut.all(ra()).filter((frame) => pios(frame).length > 0)
    given(sent[0], 'RFC7084-W-4')
    judge.each(
      sent,
      claim`In its default configuration the router sets the P flag (prefer prefix delegation) in no PIO.`,
      (frame) => {
        const flagged = pios(frame).find(({ pdPreferred }) => pdPreferred)
        return flagged && claim`P=1 for ${the.prefix(flagged.prefix)}`
      },
    )
  }),

  /** On a line with M=1. RFC7084-WPD-4 is about M=0. */
  requirement('RFC9762-7.3-PD', coldBoot, (evidence) => {
    const { wan, judge, given, notApplicable } = evidence
    const sent = given(wan.toDut.first(ra()), 'RFC4861-6.3.7-RS')
    const asking = wan.fromDut.seek(dhcpv6('solicit', { iaPd: {} }))
    const received = (asking.first && receivedRa(evidence, asking.first)) ?? sent
    const preferred = pios(received).some(({ pdPreferred }) => pdPreferred)
    if (pios(received).length === 0 || preferred)
      return notApplicable(claim`The RA of this line has no PIO with P=0.`, received)
    // SOL_MAX_DELAY is 1 s; the rest is processing.
    judge.due(
      asking,
      { after: received, seconds: clientStart },
      claim`The router requests a prefix although no PIO of the line has the P flag.`,
    )
  }),
]

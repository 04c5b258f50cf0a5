import { anyOf, claim, dhcpv6OptionsOf, invariant } from 'denat'

/** The messages of a server to its clients. */
const anyAnswer = anyOf('advertise', 'reply', 'reconfigure')

export const requirements = [
  invariant('RFC9915-21.12-UNICAST', ({ lan, judge, notApplicable, recording }) => {
    const sent = lan.fromDut.all({ dhcp6: { type: anyAnswer } })
    if (sent.length === 0)
      return notApplicable(
        claim`No DHCPv6 server sends a message on the LAN in this recording.`,
        ...recording.frames.slice(0, 1),
      )
    judge.each(sent, claim`The DHCPv6 server of the LAN sends no Server Unicast option (12).`, (frame) =>
      dhcpv6OptionsOf(frame, 'server-unicast').length > 0 ? claim`option 12` : undefined,
    )
  }),
]

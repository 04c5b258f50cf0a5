import { claim, dhcpv6OptionsOf, factoryReset, invariant, isRelay, pageAsked, poweredOn, the } from 'denat'

export const requirements = [
  /** The DUID is judged until a factory reset within the recording. */
  invariant('RFC7084-W-5', ({ wan, judge, given, every }) => {
    const [power] = every(poweredOn)
    const byPage = every(pageAsked).filter(({ call }) => call === 'factoryReset')
    const reset = [...byPage, ...every(factoryReset)].find(({ mark }) => power && mark.at > power.mark.at)
    // A message of a relay or a server contains the DUID of another client.
    const own = wan.fromDut
      .all({ dhcp6: {} }, { ...(reset && { before: reset.mark }) })
      .filter(
        ({ packet: { dhcp6 } }) => dhcp6 && !isRelay(dhcp6) && dhcp6.type !== 'advertise' && dhcp6.type !== 'reply',
      )
    const sent = own.filter((frame) => dhcpv6OptionsOf(frame, 'client-id').length > 0)
    const first = given(sent[0], 'RFC7084-WAA-3')
    const duid = dhcpv6OptionsOf(first, 'client-id')[0]?.duid
    judge.each(
      sent,
      claim`The DUID of the DHCPv6 client (${the.name(duid)}) does not change between factory resets.`,
      (frame) => {
        const now = dhcpv6OptionsOf(frame, 'client-id')[0]?.duid
        return now === duid ? undefined : claim`DUID ${the.name(now)}`
      },
    )
  }),
]

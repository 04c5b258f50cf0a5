import { dhcpv6, dhcpv6Of, iaAddresses, scenario } from 'denat'

export const noPrefixYet = scenario(
  'no-prefix-yet',
  {
    story:
      'The ISP assigns an address and says NoPrefixAvail. When the router asks for a prefix again it is refused once more, and then given one.',
    world: {
      name: 'no-prefix-yet',
      isp: {
        ra: { managed: true, other: true, autonomous: undefined },
        dhcpv6: { prefixes: [], t1: 4, t2: 8, preferredLifetime: 60, validLifetime: 90 },
      },
    },
    from: 'factory',
  },
  async ({ dut, isp, lan, internet, timing, mark, listen }) => {
    const power = await dut.powerOn()
    const { boot } = timing
    const asking = { ...boot, slack: boot.slack + 30, why: `${boot.why}, and 30 s` }
    const request = await isp.receives(dhcpv6('request'), { since: power, by: asking, or: 'RFC7084-WAA-6' })
    const { transactionId } = dhcpv6Of(request)
    const reply = isp.latest(dhcpv6('reply', { transactionId }), { or: 'RFC7084-WAA-6' })
    mark('refused', {}, [request, reply])
    await listen(timing.after(2, 'DAD (RFC 4862 section 5.4)'), reply)
    const target = iaAddresses(reply)[0]?.address
    const asked = target ? await isp.solicitNeighbour(target) : undefined
    mark('asked', { target }, [asked?.question, asked?.answer])

    // At T1 by Renew, or by a Solicit of its own, whose timeouts have grown meanwhile.
    const again = await isp.hears(
      { dhcp6: { options: [{ type: 'ia-pd' }] } },
      {
        since: reply,
        by: timing.after(8 + 16, 'T2 of the lease, and the timeouts of Solicit'),
      },
    )
    mark('asked-again', {}, [again])
    const fresh = isp.otherPrefix()
    const changed = isp.change({ dhcpv6: { prefixes: [fresh] } })
    mark('available', { prefix: fresh })
    const online = await lan.host.settles({ since: changed, by: timing.after(32, 'the timeouts of Solicit') })
    mark('online', { address: lan.host.gua() }, [online])
    if (online) mark('first-flow', {}, [await lan.host.ping(internet.address)])
  },
)

import { dhcpv6, type Frame, iaAddresses, ra, scenario } from 'denat'

const assignedAddress = (reply: Frame): string | undefined => iaAddresses(reply)[0]?.address

export const coldBoot = scenario(
  'cold-boot',
  {
    story:
      'A router fresh from its box is plugged in. The ISP assigns addresses by DHCPv6 only (M=1, no PIO with A=1) and delegates a /56. Terminals of all kinds join and use the Internet.',
    world: { name: 'cold-boot', delegatedLength: 56, isp: { ra: { managed: true, other: false, autonomous: false } } },
    from: 'factory',
  },
  async ({ dut, isp, lan, internet, timing, mark }) => {
    internet.serveTcp(80)
    const power = await dut.powerOn()
    await isp.receives(dhcpv6('solicit'), { since: power, by: timing.boot, or: 'RFC7084-WAA-3' })
    const request = await isp.receives(dhcpv6('request'), { since: power, by: timing.boot, or: 'RFC7084-W-4' })
    const online = await lan.host.online({ since: request, by: timing.service, or: 'DENAT-DEFAULT-1' })
    mark('online', { address: lan.host.gua(), resolvers: lan.host.resolvers() }, [online])

    const assigned = assignedAddress(isp.latest(dhcpv6('reply'), { or: 'RFC7084-W-4' }))
    if (assigned) {
      const { question, answer } = await isp.solicitNeighbour(assigned)
      mark('asked', { target: assigned }, [question, answer])
    }

    const page = await lan.host.connect(internet.address, 80, { bytes: 1000 })
    mark('page', { outcome: page.outcome }, [page.syn, page.answer])
    for (const server of lan.host.resolvers()) {
      const answer = await lan.host.resolve('www.example.com', { server })
      mark('resolved', { server }, [answer])
    }

    for (const [port] of lan.segments.slice(1)) {
      const neighbour = lan.join(`host-${port}`, { port, dhcpv6: 'none' })
      await neighbour.settles({ since: mark('segment', { port }), by: timing.service })
    }

    const solicited = lan.host.solicitRouter()
    mark('solicited', { from: 'link-local' }, [solicited])
    await lan.hears(ra(), { since: solicited, by: timing.raChange })
    const unspecified = lan.host.solicitRouter({ from: '::' })
    mark('solicited', { from: '::' }, [unspecified])
    await lan.hears(ra(), { since: unspecified, by: timing.raChange })

    const information = await lan.host.informationRequest({ codes: [23, 24] })
    mark('asked-information', {}, [information])
    const address = await lan.host.requestAddress()
    mark('asked-address', {}, [address])

    const managed = online.packet.icmp6?.type === 'router-advertisement' && online.packet.icmp6.managed
    const joined = mark('terminals-join')
    const terminals = [
      lan.join('slaac-only', { slaac: true, dhcpv6: 'none' }),
      lan.join('slaac-and-stateless', { slaac: true, dhcpv6: 'stateless' }),
      lan.join('slaac-and-dhcpv6', { slaac: true, dhcpv6: 'stateful' }),
      ...(managed ? [lan.join('dhcpv6-only', { slaac: false, dhcpv6: 'stateful' })] : []),
    ]
    await Promise.all(
      terminals.map(async (terminal) => {
        const ready = await terminal.settles({ since: joined, by: timing.service })
        mark('terminal', { name: terminal.name, address: terminal.gua(), resolvers: terminal.resolvers() }, [ready])
      }),
    )
    await Promise.all(
      [lan.host, ...terminals].map(async (terminal) => {
        const reply = await terminal.ping(internet.address)
        mark('terminal-ping', { name: terminal.name, address: terminal.gua() }, [reply])
      }),
    )
  },
)

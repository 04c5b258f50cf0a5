import { dhcpv6, dnsQuery, encodeDns, iaAddresses, scenario } from 'denat'

/** Services that manage a router, and what is asked of them. RFC 6092 REC-50. */
const managementTcp = [22, 23, 53, 80, 443, 7547, 8080]
const managementUdp = [53, 161, 1900, 5351]
/** What the Internet tries first on a host; more ports are drawn by the seed. */
const commonPorts = [21, 25, 80, 139, 443, 445, 3389, 8000, 8080, 8443]
/** Let in by RFC 6092 REC-21 and its kin: IKE. */
const exempt = new Set([500, 4500])

export const inbound = scenario(
  'inbound',
  {
    story:
      'In its default state the router is probed from the Internet: a scan of a host that runs servers, a single connection attempt and its late error, one that the host meets with its own, and a scan of the router itself.',
    world: { name: 'inbound', delegatedLength: 62 },
    from: 'online',
  },
  async ({ isp, lan, internet, internet2, timing, mark, listen, random }) => {
    const host = lan.host
    await listen(timing.after(3, 'an address by DHCPv6 and its DAD: the host will prefer it'))
    const gua = host.gua() ?? '::'
    // A router that has to ask for the host first may lose what comes before the answer (RFC 4861 section 7.2.2).
    mark('reachable', {}, [await host.ping(internet2.address, { from: gua })])
    for (const port of [2222, 8000, 8443]) host.serveTcp(port)
    const syn = (srcPort: number, dstPort: number) => ({ srcPort, dstPort, seq: 1000, flags: 'syn', window: 65535 })

    const unmet = await internet2.send(
      { ip6: { dst: gua }, tcp: syn(50001, 2222) },
      'a connection that the host does not expect',
    )
    mark('unmet-syn', { port: 2222 }, [unmet])
    const met = await internet2.send(
      { ip6: { dst: gua }, tcp: syn(50002, 2223) },
      'a connection that the host will meet with its own',
    )
    mark('met-syn', { port: 2223 }, [met])

    mark('host-scan', { target: gua })
    const ports = new Set([...commonPorts, ...Array.from({ length: 490 }, () => 1024 + random.int(60000))])
    for (const port of ports) {
      if (exempt.has(port)) continue
      await internet.send({ ip6: { dst: gua }, tcp: syn(50003, port) })
      await internet.send({ ip6: { dst: gua }, udp: { srcPort: 50004, dstPort: port }, payload: new Uint8Array(8) })
    }
    const pinged = await host.ping(internet2.address)
    mark('host-scan-fence', { ports: ports.size }, [pinged])

    await listen(timing.after(3, 'the host answers with its own SYN at 3 s (RFC 6092 REC-34)'), met)
    internet2.serveTcp(50002)
    const own = await host.connect(internet2.address, 50002, { localPort: 2223, bytes: 100 })
    mark('met-by', { outcome: own.outcome }, [own.syn, own.answer])

    const lanAddresses = lan.gateway()?.addresses ?? []
    const assigned = iaAddresses(isp.latest(dhcpv6('reply'), { or: 'RFC7084-W-4' })).map(({ address }) => address)
    const wanAddresses = new Set([...assigned, ...(isp.customer()?.addresses ?? [])])
    const targets = [
      ...[...wanAddresses].map((address) => ({ place: 'WAN address', address })),
      ...lanAddresses
        .filter((address) => !address.startsWith('fd'))
        .map((address) => ({ place: 'LAN address', address })),
    ]
    for (const { place, address } of targets) {
      const scanned = mark('router-scan', { place, address })
      for (const port of managementUdp)
        await internet2.send({
          ip6: { dst: address },
          udp: { srcPort: 50100, dstPort: port },
          payload:
            port === 53 ? encodeDns(dnsQuery({ id: 7, name: 'www.example.com', type: 'AAAA' })) : new Uint8Array(12),
        })
      for (const port of managementTcp) await internet2.send({ ip6: { dst: address }, tcp: syn(50101, port) })
      mark('router-scanned', { place, address, since: scanned.at })
    }
    mark('router-scan-fence', {}, [await host.ping(internet2.address)])

    await listen(timing.after(9, 'an error is due at 6 s or later (RFC 6092 REC-34)'), unmet)
    mark('unmet-over', {}, [unmet])
  },
)

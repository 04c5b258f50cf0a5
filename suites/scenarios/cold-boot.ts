import {
  addressIn,
  anyOf,
  claim,
  clientStart,
  dhcpv6,
  dhcpv6OptionsOf,
  iaAddresses,
  markOf,
  ra,
  raOf,
  scenario,
  segmentProbe,
  the,
  z,
} from 'denat'
import { resolverOpens } from '../steps/resolver-opens.ts'

export const online = markOf('online', {
  data: { address: z.string().optional(), resolvers: z.array(z.string()) },
  frames: ['online'],
})
/** The address that IA_NA assigned, where it was. */
export const assignedAsked = markOf('asked', {
  data: { target: z.string().optional() },
  frames: ['question', 'answer'],
})
export const toWanNeighbor = markOf('to-wan-neighbour', {
  data: { what: z.literal('IA_NA'), target: z.string() },
  frames: ['sent'],
})
export const page = markOf('page', { data: { outcome: z.string() }, frames: ['syn', 'answer'] })
/** A port that is no part of the first host's segment. */
export const otherSegment = markOf('segment', { data: { port: z.string() } })
export const solicited = markOf('solicited', { data: { from: z.enum(['link-local', '::']) }, frames: ['sent'] })
export const gatewayAsked = markOf('asked-gateway', { frames: ['question', 'answer'] })
export const informationAsked = markOf('asked-information', { frames: ['reply'] })
export const addressAsked = markOf('asked-address', { frames: ['reply'] })
export const resolved = markOf('resolved', { data: { server: z.string() }, frames: ['answer'] })
export const terminalsJoin = markOf('terminals-join')
export const terminalReady = markOf('terminal', {
  data: { name: z.string(), address: z.string().optional(), resolvers: z.array(z.string()) },
  frames: ['ready'],
})
export const terminalPing = markOf('terminal-ping', {
  data: { name: z.string(), address: z.string().optional() },
  frames: ['reply'],
})

export const coldBoot = scenario(
  'cold-boot',
  {
    story:
      'A new router is connected for the first time. The ISP assigns addresses by DHCPv6 only (M=1, no PIO with A=1) and delegates a /56. Terminals of all kinds join and use the Internet.',
    world: { name: 'cold-boot', delegatedLength: 56, isp: { ra: { managed: true, other: false, autonomous: false } } },
    from: 'factory',
  },
  async (bench) => {
    const { dut, isp, lan, internet, timing, mark, listen } = bench
    internet.serveTcp(80)
    const power = await dut.powerOn()
    const { boot } = timing
    const solicit = await isp.receives(dhcpv6('solicit'), { since: power, by: boot, or: 'RFC7084-WAA-3' })
    await isp.receives(dhcpv6('solicit', { iaPd: {} }), {
      since: power,
      by: { ...boot, slack: boot.slack + 30, why: claim`${boot.why}, and 30 s` },
      or: 'RFC7084-W-4',
    })
    const request = await isp.receives(dhcpv6('request'), { since: solicit, by: timing.service, or: 'RFC7084-W-4' })
    await lan.receives(ra(), { since: request, by: timing.service, or: 'RFC7084-L-1' })
    const ready = await lan.host.online({ since: request, by: timing.service, or: 'DENAT-DEFAULT-1' })
    mark(online, { address: lan.host.gua(), resolvers: lan.host.resolvers() }, { online: ready })

    // A router that requests its address late, or not at all, has the time that RFC7084-WAA-6 allows.
    const late = {
      ...timing.boot,
      slack: timing.boot.slack + clientStart,
      why: claim`${timing.boot.why}, and ${the.seconds(clientStart)}`,
    }
    const asking = { dhcp6: { type: anyOf('request', 'renew'), options: [{ type: 'ia-na' as const }] } }
    const wanted = await isp.awaits(asking, { since: power, by: late })
    const reply = wanted && isp.latest(dhcpv6('reply', { iaNa: {} }), { or: 'RFC7084-WAA-6' })
    const target = reply && iaAddresses(reply)[0]?.address
    // A router that was just assigned the address runs DAD for it first.
    if (reply) await listen(timing.dad, reply)
    const asked = target ? await isp.solicitNeighbor(target) : undefined
    mark(assignedAsked, { target }, { ...asked })

    const neighbor = addressIn(isp.parameters.wanPrefix, '::2:2')
    const probe = {
      ip6: { dst: neighbor },
      icmp6: { type: 'echo-request' as const, id: 910, seq: 1, data: new Uint8Array(8) },
    }
    const toNeighbor = await lan.host.send(probe)
    mark(toWanNeighbor, { what: 'IA_NA', target: neighbor }, { sent: toNeighbor })
    // While its next hop is resolved a router may keep one packet only (RFC 4861 section 7.2.2).
    const crosses = { ip6: { dst: neighbor }, icmp6: { type: 'echo-request' as const } }
    const received = await isp.awaits(crosses, { since: toNeighbor, by: timing.answer() })
    if (!received) await lan.host.send(probe)

    const { outcome, syn, answer: accepted } = await lan.host.connect(internet.address, 80, { bytes: 1000 })
    mark(page, { outcome }, { syn, answer: accepted })

    lan.send(segmentProbe('lan0'), { why: 'which ports share a link with this one?' })
    await listen(timing.after(0.2, claim`a switch passes a broadcast on`))
    for (const [port] of lan.segments.slice(1)) {
      const neighbor = lan.join(`host-${port}`, { port, dhcpv6: 'none' })
      await neighbor.settles({ since: mark(otherSegment, { port }), by: timing.service })
    }

    const own = lan.host.solicitRouter()
    mark(solicited, { from: 'link-local' }, { sent: own })
    const advertised = await lan.awaits(ra(), { since: own, by: timing.raChange })
    const unspecified = lan.host.solicitRouter({ from: '::' })
    mark(solicited, { from: '::' }, { sent: unspecified })
    await lan.awaits(ra(), { since: unspecified, by: timing.raChange })
    const gateway = lan.gateway()
    if (gateway) {
      const { question, answer } = await lan.host.solicitNeighbor(gateway.linkLocal)
      mark(gatewayAsked, {}, { question, answer })
    }

    const information = await lan.host.informationRequest({ codes: [23, 24] })
    mark(informationAsked, {}, { reply: information })
    const address = await lan.host.requestAddress()
    mark(addressAsked, {}, { reply: address })

    await resolverOpens(bench)
    const offered = information ? dhcpv6OptionsOf(information, 'dns-servers').flatMap(({ servers }) => servers) : []
    for (const server of new Set([...lan.host.resolvers(), ...offered])) {
      const answer = await lan.host.resolve('www.example.com', { server })
      mark(resolved, { server }, { answer })
    }

    const managed = advertised ? raOf(advertised).managed : false
    const joined = mark(terminalsJoin, {})
    const terminals = [
      lan.join('slaac-only', { slaac: true, dhcpv6: 'none' }),
      lan.join('slaac-and-stateless', { slaac: true, dhcpv6: 'stateless' }),
      lan.join('slaac-and-dhcpv6', { slaac: true, dhcpv6: 'stateful' }),
      ...(managed ? [lan.join('dhcpv6-only', { slaac: false, dhcpv6: 'stateful' })] : []),
    ]
    await Promise.all(
      terminals.map(async (terminal) => {
        const ready = await terminal.settles({ since: joined, by: timing.service })
        // An address by SLAAC may be there before the answer that names a resolver.
        if (!terminal.resolvers().some((resolver) => resolver.includes(':')))
          await terminal.awaits(dhcpv6('reply'), { since: joined, by: timing.answer(3) })
        mark(
          terminalReady,
          { name: terminal.name, address: terminal.gua(), resolvers: terminal.resolvers() },
          { ready },
        )
      }),
    )
    await Promise.all(
      [lan.host, ...terminals].map(async (terminal) => {
        const reply = await terminal.ping(internet.address)
        mark(terminalPing, { name: terminal.name, address: terminal.gua() }, { reply })
        // Another host asked for it before: some routers have kept the answer.
        if (terminal.resolvers().length > 0) await terminal.resolve('www.example.com')
      }),
    )
  },
)

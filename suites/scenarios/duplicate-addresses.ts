import {
  type Bench,
  claim,
  type Frame,
  inPrefix,
  inside,
  isLinkLocal,
  type Mark,
  markOf,
  ns,
  type PacketInit,
  rs,
  scenario,
  z,
} from 'denat'
import { firstAdvertised } from '../steps/router-advertisement.ts'

export const kinds = ['WAN address', 'LAN address', 'WAN link-local address', 'LAN link-local address'] as const
const what = z.enum(kinds)
export type Kind = z.infer<typeof what>

/** The router was not seen to check such an address. */
export const unclaimed = markOf('unclaimed', { data: { what } })
export const claimed = markOf('claimed', { data: { what, address: z.string() }, frames: ['probe', 'defence'] })
const askedForDuplicate = markOf('asked-for-duplicate', {
  data: { what, address: z.string() },
  frames: ['question', 'answer'],
})
/** The fence: an address that no other node has. */
export const askedForOwn = markOf('asked-for-own', { data: { what }, frames: ['question', 'answer'] })

/** What the node sends that has the address already. */
const defence = (target: string, mac: string): PacketInit => ({
  ip6: { src: target, dst: 'ff02::1', hopLimit: 255 },
  icmp6: {
    type: 'neighbor-advertisement',
    override: true,
    target,
    options: [{ type: 'target-link-layer', mac }],
  },
})

/** Another node on a link of the router's. */
interface Claimant {
  mac: string
  send(packet: PacketInit): Frame | Promise<Frame>
}

interface Claim {
  what: Kind
  side: 'wan' | 'lan'
  claimant: Claimant
  /** Addresses that another node has. */
  taken(address: string): boolean
  since: Mark | Frame
  by: Parameters<Bench['listen']>[0]
}

/** Waits for the router to check such an address, and defends it for as long as the router may try again. */
async function claimAddress(
  { isp, lan, mark, listen, timing }: Bench,
  { what, side, claimant, taken, since, by }: Claim,
): Promise<void> {
  const awaits = side === 'wan' ? isp.awaits : lan.awaits
  const probes = (fits: (address: string) => boolean) =>
    ns({ target: (one) => fits(String(one)) }, { ip6: { src: '::' } })
  const probe = await awaits(probes(taken), { since, by })
  const target = probe?.packet.icmp6?.type === 'neighbor-solicitation' ? probe.packet.icmp6.target : undefined
  if (!probe || target === undefined) {
    mark(unclaimed, { what })
    return
  }
  const defended = await claimant.send(defence(target, claimant.mac))
  mark(claimed, { what, address: target }, { probe, defence: defended })
  const enough = timing.after(2, claim`DAD of 1 s, and as much for another try`)
  for (let last = probe; ; ) {
    const left = Math.max(0, enough.forced - (last.at - probe.at))
    const again = await awaits(
      probes((one) => one === target),
      { since: last, by: { ...enough, forced: left, slack: 0 } },
    )
    if (!again) break
    await claimant.send(defence(target, claimant.mac))
    last = again
  }
  await listen(enough, probe)
  // Its LAN may be up later than its line.
  if (!lan.gateway()) await lan.awaits({ ip6: { src: inside('fe80::/10') } }, { since: probe, by: timing.service })
  const gateway = lan.gateway()
  const { question, answer } = await (side === 'wan' ? isp : lan.host).solicitNeighbor(target, { times: 1 })
  mark(askedForDuplicate, { what, address: target }, { question, answer })
  // An address that no other node has. With duplicate link-local addresses there is no link left to ask on.
  const ownLink = () => (side === 'wan' ? isp.fence() : gateway && lan.host.solicitNeighbor(gateway.linkLocal))
  const alive = isLinkLocal(target) ? undefined : await ownLink()
  mark(askedForOwn, { what }, { ...alive })
}

export const duplicateAddresses = scenario(
  'duplicate-addresses',
  {
    story:
      'Another node has the addresses of the router: first the global ones of WAN and LAN; after a power cut the link-local ones.',
    world: {
      name: 'duplicate-addresses',
      delegatedLength: 56,
      isp: { ra: { managed: false, other: true, autonomous: true, interval: 0 }, dhcpv6: { iaNa: false } },
    },
    from: 'cold boot',
    needs: ['power-cut'],
    restarts: { boots: 1 },
    leaves: 'claimed addresses',
  },
  async (bench) => {
    const { dut, isp, lan, timing, mark } = bench
    const { wanPrefix, dhcpv6 } = isp.parameters
    const claimants = { wan: isp.joinRouter('wan-twin'), lan: lan.join('lan-twin', { start: false }) }
    const power = await dut.powerOn()
    await isp.receives(rs(), { since: power, by: timing.boot, or: 'RFC4861-6.3.7-RS' })
    const advertised = isp.advertise()
    mark(firstAdvertised, {}, { sent: advertised })
    const { service, boot } = timing
    await Promise.all([
      claimAddress(bench, {
        what: 'WAN address',
        side: 'wan',
        claimant: claimants.wan,
        taken: (address) => inPrefix(address, wanPrefix),
        since: advertised,
        by: timing.after(5, timing.dad.why),
      }),
      claimAddress(bench, {
        what: 'LAN address',
        side: 'lan',
        claimant: claimants.lan,
        taken: (address) => dhcpv6.prefixes.some((prefix) => inPrefix(address, prefix)),
        since: advertised,
        by: service,
      }),
    ])
    const off = await dut.powerCut()
    const claimLinkLocal = (side: Claim['side'], what: Kind) =>
      claimAddress(bench, { what, side, claimant: claimants[side], taken: isLinkLocal, since: off, by: boot })
    // While it boots: its first check is not waited for by anybody.
    await Promise.all([
      dut.powerOn(),
      claimLinkLocal('wan', 'WAN link-local address'),
      claimLinkLocal('lan', 'LAN link-local address'),
    ])
  },
)

import {
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Frame,
  inPrefix,
  type Mark,
  markOf,
  ns,
  type PacketInit,
  scenario,
  z,
} from 'denat'
import { saying } from '../steps/answers.ts'

export const secondAdvertise = markOf('second-advertise', { data: { duid: z.string() }, frames: ['advertise'] })
export const requested = markOf('requested', { frames: ['solicit', 'first', 'request'] })
/** DAD of the address that was assigned. */
export const probed = markOf('probed', { frames: ['probe'] })
/** Another node claims this address. */
export const claimed = markOf('claimed', { data: { address: z.string() }, frames: ['claim'] })
export const declined = markOf('declined', { frames: ['decline'] })
export const duplicateAsked = markOf('asked-duplicate', { frames: ['question', 'answer'] })
export const duplicateFence = markOf('duplicate-fence', { frames: ['question', 'answer'] })
export const withDuplicate = markOf('beside-duplicate', { frames: ['reply'] })

export const duplicateAddress = scenario(
  'duplicate-address',
  {
    story:
      'Two DHCPv6 servers send Advertises: one at once, and one with preference 10 after 0.4 s. Then another node claims the address that the router was assigned, and no server answers its Declines.',
    world: { name: 'duplicate-address', delegatedLength: 56, isp: { ra: { managed: true, autonomous: false } } },
    from: 'new subscriber',
  },
  async ({ dut, isp, lan, internet, timing, mark, listen }) => {
    const duid = String(isp.secondServer(false).data?.duid)
    isp.answerWith('no Reply to a Decline', (asked, usual) => (asked.type === 'decline' ? undefined : usual))
    const power = await dut.begin()
    const { boot } = timing
    const solicit = await isp.receives(dhcpv6('solicit'), { since: power, by: boot, or: 'RFC7084-WAA-3' })
    const first = isp.latest(dhcpv6('advertise'), { or: 'RFC7084-WAA-3' })
    const early = await isp.awaits(dhcpv6('request'), {
      since: solicit,
      by: { forced: 0.4, slack: 0, why: claim`a second server that is slower` },
    })
    if (!early) {
      // A client may restart with the RA: it is the newest exchange that goes on.
      const newest = isp.latest(dhcpv6('advertise'), { or: 'RFC7084-WAA-3' })
      const second = isp.send(
        {
          ip6: { dst: newest.packet.ip6?.dst },
          udp: { srcPort: 547, dstPort: 546 },
          dhcp6: saying(dhcpv6Of(newest), { type: 'server-id', duid }, { type: 'preference', value: 10 }),
        },
        'a second server, with preference 10',
      )
      mark(secondAdvertise, { duid }, { advertise: second })
      isp.secondServer(true)
    }
    const request = await isp.receives(dhcpv6('request'), { since: solicit, by: timing.service, or: 'RFC7084-W-4' })
    mark(requested, {}, { solicit, first, request })
    // The server that was selected answers, at the latest to the next Request.
    const isSecond = dhcpv6OptionsOf(request, 'server-id')[0]?.duid === duid
    if (!isSecond) isp.secondServer(false)

    const assigned = (target: unknown) => inPrefix(String(target), isp.parameters.wanPrefix)
    const checked = (since: Frame | Mark) =>
      isp.awaits(ns({ target: assigned }, { ip6: { src: '::' } }), {
        since,
        by: timing.after(5, claim`a Reply, and ${timing.dad.why}`),
      })
    let probe = await checked(request)
    if (!probe) {
      // An exchange of its own, for the address, may have chosen the other server.
      const turned = isp.secondServer(!isSecond)
      probe = await checked(turned)
    }
    mark(probed, {}, { probe })
    const address = probe?.packet.icmp6?.type === 'neighbor-solicitation' ? probe.packet.icmp6.target : undefined
    if (!address) return
    const rival = () => isp.send(claimOf(address), 'another node has this address')
    const begun = rival()
    // A router may request another address at once, and be assigned the same by a server that received no Decline.
    const defended = (async () => {
      for (let again: Frame | undefined = begun; again; )
        again =
          (await isp.awaits(ns({ target: address }, { ip6: { src: '::' } }), {
            since: again,
            by: timing.after(6, claim`another try`),
          })) && rival()
    })()
    mark(claimed, { address }, { claim: begun })
    const decline = await isp.awaits(dhcpv6('decline'), {
      since: begun,
      by: timing.after(5, claim`Decline within 5 s`),
    })
    mark(declined, {}, { decline })
    // Before the Declines end after 13.5 s at the earliest, and the client might restart.
    await lan.host.settles({ since: begun, by: { forced: 6, slack: 4, why: claim`RA and DAD delays together` } })
    // DEC_TIMEOUT 1 s, and twice that.
    if (decline) await listen(timing.after(3.5, claim`three Declines`), decline)
    await defended
    const asked = await isp.solicitNeighbor(address, { times: 1 })
    mark(duplicateAsked, {}, { ...asked })
    mark(duplicateFence, {}, { ...(await isp.fence()) })
    mark(withDuplicate, {}, { reply: await lan.host.ping(internet.address) })
  },
)

/** Of the documentation block, RFC 7042 section 2.1.1. */
const otherNode = '00:00:5e:00:53:01'

/** Another node claims this address. */
export const claimOf = (target: string): PacketInit => ({
  ip6: { src: target, dst: 'ff02::1' },
  icmp6: {
    type: 'neighbor-advertisement',
    router: false,
    solicited: false,
    override: true,
    target,
    options: [{ type: 'target-link-layer', mac: otherNode }],
  },
})

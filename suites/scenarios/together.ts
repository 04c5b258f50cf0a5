import {
  addressIn,
  type Bench,
  claim,
  dhcpv6,
  type Frame,
  fragment,
  icmpv6,
  inPrefix,
  type Mark,
  markOf,
  type PacketInit,
  prefixContains,
  ra,
  scenario,
  type WorldSpec,
  z,
} from 'denat'
import { backOnline } from '../steps/back-online.ts'
import { accompanied, apart, type Canaries } from '../steps/canaries.ts'
import { restartedByPage } from './web-ui.ts'

/** What a router is asked for again after each event. */
export const features = [
  'fragments',
  'Packet Too Big',
  'DNS',
  'pinhole',
  'closed port',
  'sub-delegated prefix',
] as const
export type Feature = (typeof features)[number]
/** In the order in which they come. */
export const happenings = ['at first', 'Renew', 'line cut', 'restart', 'new prefix'] as const
export type Happening = (typeof happenings)[number]

/** What came of the last try, and of an echo request of the same host right after it. */
export const asked = markOf('together', {
  data: { when: z.enum(happenings), feature: z.enum(features) },
  frames: ['question', 'answer', 'control'],
})

/** What shows that the event has come: a Renew, or the RA with the new prefix. */
export const happened = markOf('happened', { data: { when: z.enum(happenings) }, frames: ['sign'] })

const settings = markOf('settings')

/** Seconds. Half of the preferred lifetime is the earliest T1 of some clients. */
const lease = { t1: 20, t2: 32, preferredLifetime: 40, validLifetime: 60 }
const ports = { pinhole: 41_500, closed: 41_501, near: 41_502, far: 5150 }
/** A router has some time until all its parts know of an event: tries, a second apart. */
const tries = 10
/** Seconds in which a flow that has failed shows it: three questions. */
const shown = { forced: 3 * apart + 1, slack: 0, why: claim`flows in use show whether they go on` }
const soon = { forced: 1, slack: 0, why: claim`one try of some` }

type Try = { question: Frame | undefined; answer: Frame | undefined }
/** Without an address nothing is asked for. */
const none: Try = { question: undefined, answer: undefined }

/** How each is asked for once. A pinhole is that of the address for which it was opened. */
function questions(
  { isp, lan, internet, random }: Bench,
  behind: { ping(to: string): Promise<Frame | undefined> } | undefined,
  open: () => string | undefined,
) {
  const { host } = lan
  const outside = addressIn(isp.parameters.internetPrefix, 0xcb)
  const inside = () => addressNow({ isp, lan })
  let nth = 0
  const inward = async (address: string | undefined, port: number): Promise<Try> => {
    if (!address) return none
    host.discardUdp(port)
    const srcPort = 6000 + nth++
    const question = await internet.udp(address, { from: srcPort, to: port })
    return { question, answer: await host.awaits({ udp: { srcPort, dstPort: port } }, { since: question, by: soon }) }
  }
  return {
    async fragments(): Promise<Try> {
      const [src, id] = [inside(), random.int(2 ** 32)]
      if (!src) return none
      const datagram = {
        ip6: { src, dst: outside },
        udp: { srcPort: ports.near + nth++, dstPort: ports.far },
        payload: new Uint8Array(1600),
      }
      const sent = []
      for (const piece of fragment(datagram, 1280, id)) sent.push(await host.send(piece))
      const last = { ip6: { src, dst: outside }, ext: [{ type: 'fragment', more: false }] } as Parameters<
        typeof isp.awaits
      >[0]
      return { question: sent[0], answer: sent[0] && (await isp.awaits(last, { since: sent[0], by: soon })) }
    },
    async 'Packet Too Big'(): Promise<Try> {
      const { mtu = 1500 } = isp.parameters.ra
      const src = inside()
      if (!src) return none
      const packet: PacketInit = {
        ip6: { src, dst: outside },
        udp: { srcPort: ports.near + nth++, dstPort: ports.far },
      }
      const octets = Math.min(mtu + 50, 1500)
      const question = await host.send({ ...packet, payload: new Uint8Array(octets - 48) })
      return { question, answer: await host.awaits(icmpv6('packet-too-big', { mtu }), { since: question, by: soon }) }
    },
    async DNS(): Promise<Try> {
      const servers = host.resolvers().filter((one) => one.includes(':'))
      // As a host does: one after the other.
      const server = servers[nth % servers.length]
      const answer = server ? await host.resolve(`together-${nth++}.example.com`, { server, within: 1 }) : undefined
      return { question: undefined, answer }
    },
    async pinhole(): Promise<Try> {
      // It is reached at a deprecated address as well (RFC 4862 section 5.5.4).
      const isThere = host.addresses().some(({ address, state }) => address === open() && state !== 'tentative')
      return isThere ? inward(open(), ports.pinhole) : none
    },
    'closed port': () => inward(inside(), ports.closed),
    async 'sub-delegated prefix'(): Promise<Try> {
      return { question: undefined, answer: await behind?.ping(internet.address) }
    },
  } satisfies Record<Feature, () => Promise<Try>>
}

/** The host's address in the prefix that the line has now. */
const addressNow = ({ isp, lan }: Pick<Bench, 'isp' | 'lan'>): string | undefined =>
  lan.host
    .addresses()
    .find(
      ({ address, state }) =>
        state === 'preferred' && isp.parameters.dhcpv6.prefixes.some((one) => inPrefix(address, one)),
    )?.address

interface Settings {
  firewall: 'on' | 'off'
  downstream: boolean
}

async function play(bench: Bench, canaries: Canaries, { firewall, downstream }: Settings): Promise<void> {
  const { webUi, isp, line, lan, internet, timing, mark, listen } = bench
  if (!webUi) return
  const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
  const byThen = timing.after(13, claim`DAD and the delay of the first Solicit, and a prefix within 10 s of it`)
  const router = downstream ? lan.joinRouter('downstream', { iaPd: [{}] }) : undefined
  if (router) {
    await router.moves('::/0', { since: router.start(), by: byThen })
    canaries.behind(router)
  }
  let opened: string | undefined
  const openPinhole = async () => {
    opened = addressNow(bench)
    if (!opened) return
    for (const port of [ports.pinhole, canaryPort]) await webUi.openPinhole({ host: opened, protocol: 'udp', port })
    canaries.pinhole(opened, canaryPort)
  }
  await webUi.signIn()
  await openPinhole()
  if (firewall === 'off') await webUi.setFirewall('off')

  const ask = questions(bench, router?.host, () => opened)
  const round = async (when: Happening, since: Frame | Mark) => {
    await lan.host.reaches(internet.address, { since, by: timing.service })
    for (const feature of features) {
      if (feature === 'sub-delegated prefix' && !router) continue
      if (feature === 'closed port' && firewall === 'off') continue
      let last: Try = await ask[feature]()
      for (let n = 1; n < tries && !last.answer && feature !== 'closed port'; n++) {
        await listen(timing.after(1, claim`not all parts of a router know at once`))
        last = await ask[feature]()
      }
      mark(asked, { when, feature }, { ...last, control: await lan.host.ping(internet.address) })
    }
  }
  /** Another client is delegated a prefix, and releases it. */
  const guest = async (name: string) => {
    if (!router) return
    const other = lan.joinRouter(name, { iaPd: [{}] })
    await other.moves('::/0', { since: other.start(), by: byThen })
    await other.release({ within: 2 })
    other.leave()
  }

  await round('at first', mark(settings, {}))
  const renew = dhcpv6('renew', { iaPd: {} })
  const byRenew = timing.after(lease.t2, claim`T2 of the lease`)
  const renewed = await isp.awaits(renew, { since: grant, by: byRenew })
  mark(happened, { when: 'Renew' }, { sign: renewed })
  await listen(timing.after(1, claim`a Reply is worked off`))
  await guest('guest')
  await round('Renew', renewed ?? grant)
  await listen(shown)

  await listen(timing.after(3, claim`the line is cut`), line.down())
  const up = line.up()
  await backOnline(bench, up)
  await router?.renew({ within: 3 })
  await round('line cut', up)
  await listen(shown)

  const restart = mark(restartedByPage, {})
  await webUi.reboot()
  await backOnline(bench, restart)
  await router?.renew({ within: 3 })
  await round('restart', restart)

  const fresh = isp.otherPrefix()
  const changed = isp.change({ dhcpv6: { prefixes: [fresh] } })
  const advertised = await lan.awaits(
    ra({ prefixInformation: { prefix: (one: unknown) => prefixContains(fresh, String(one)) } }),
    { since: changed, by: { ...byRenew, slack: byRenew.slack + timing.raChange.forced } },
  )
  mark(happened, { when: 'new prefix' }, { sign: advertised })
  if (!advertised) return
  await lan.host.settles({ since: advertised, by: timing.service })
  for (let n = 0; n < 3 && router && !router.prefixes().some((one) => prefixContains(fresh, one)); n++) {
    await listen(timing.after(2, claim`not all parts of a router know at once`))
    await router.renew({ within: 3 })
  }
  await webUi.signIn()
  await openPinhole()
  await guest('second-guest')
  await round('new prefix', advertised)
  const solicited = lan.host.solicitRouter()
  await lan.awaits(ra(), { since: solicited, by: timing.raChange })
}

const canaryPort = 41_503

const story = (line: string) =>
  `${line} Fragments, packets larger than the line's MTU, DNS, a pinhole, a closed port and a sub-delegated prefix are tested at the start, after a Renew, after a line cut, after a restart, and with another prefix; flows are in use at this time, and other routers request prefixes.`

function together(name: string, line: string, world: Omit<WorldSpec, 'name'>, has: Settings) {
  return scenario(
    name,
    {
      story: story(line),
      world: { name, ...world, isp: { ...world.isp, dhcpv6: lease } },
      from: 'online',
      restarts: { boots: 1 },
      takes: 110,
      profile: 'full',
      webUi: 'ipv6',
      leaves: 'settings',
      ...(has.downstream && { needs: ['subnets'], role: 'gateway' }),
    },
    accompanied((bench, canaries) => play(bench, canaries, has)),
  )
}

export const togetherIn64 = together(
  'together-64',
  'The line has MTU 1280 and delegates a /64 only.',
  { delegatedLength: 64, isp: { ra: { mtu: 1280 } } },
  { firewall: 'on', downstream: false },
)
export const togetherIn60 = together(
  'together-60',
  'The line has MTU 1492 and delegates a /60; downstream routers get parts of it.',
  { delegatedLength: 60, isp: { ra: { mtu: 1492 } } },
  { firewall: 'on', downstream: true },
)
export const togetherOpen = together(
  'together-open',
  'The line has MTU 1492 and delegates a /56; downstream routers get parts of it, and the firewall is off.',
  { delegatedLength: 56, isp: { ra: { mtu: 1492 } } },
  { firewall: 'off', downstream: true },
)

import {
  addressIn,
  type Bench,
  claim,
  type DownstreamRouter,
  echoRequest,
  isUla,
  markOf,
  nthSubnet,
  prefixLength,
  z,
} from 'denat'
import { linePrefix } from '../line-prefix.ts'

const address = z.string().optional()

export const given = markOf('given', {
  data: { name: z.string(), prefixes: z.array(z.string()) },
  frames: ['granting'],
})
/** The last of some echo requests for a prefix, as it is sent and as it reaches the router. */
export const probe = markOf('probe', { data: { name: z.string(), prefix: z.string() }, frames: ['sent', 'arrived'] })
/** What a router that was given `of` delegates to the one behind it: a part of it, or the prefix of its second IA_PD. */
export const passedOn = markOf('passed-on', { data: { prefix: address, of: address } })
/** The host behind both. */
export const deepPing = markOf('deep-ping', { data: { address }, frames: ['reply'] })
export const deepPage = markOf('deep-page', { data: { outcome: z.string() }, frames: ['syn', 'answer'] })
export const deepFromLan = markOf('deep-from-lan', { frames: ['reply'] })
export const hintsFence = markOf('hints-fence', { frames: ['reply'] })

/** Hints by length that routers send in their Solicit; 0 is none. */
export const hintLengths = [0, 48, 56, 60, 62, 64] as const

/** A router may keep one packet only while it looks for the next hop (RFC 4861 section 7.2.2). */
const tries = 3

/** Home routers of many kinds ask for prefixes at once; one delegates a part of what it is given to a router behind it. */
export async function prefixHints(bench: Bench): Promise<void> {
  const { isp, lan, internet, timing, mark, listen } = bench
  internet.serveTcp(80)
  const delegated = linePrefix(bench)
  const own = lan.host.gua()
  if (!own) throw new TypeError('the host is online without a global address')
  const linkPrefix = nthSubnet(`${own}/64`, 64, 0)
  const pds = (count: number) => Array.from({ length: count }, () => ({}))
  const asking = (name: string, iaPd: { hint?: number | string }[]) => lan.joinRouter(name, { iaPd, start: false })
  const first: DownstreamRouter[] = [
    ...hintLengths.map((hint) => asking(hint ? `hint-${hint}` : 'no-hint', [hint ? { hint } : {}])),
    asking('hint-free', [{ hint: nthSubnet(delegated, 64, 2 ** (64 - prefixLength(delegated)) - 3) }]),
    asking('hint-lan', [{ hint: linkPrefix }]),
    asking('hint-foreign', [{ hint: isp.otherPrefix().replace(/\/\d+$/, '/64') }]),
    asking('three', pds(3)),
    asking('eight', pds(8)),
    asking('cascade', [{ hint: 60 }, {}]),
  ]
  const ask = async (router: DownstreamRouter) => {
    const since = router.start()
    const granting = await router.moves('::/0', {
      since,
      by: timing.after(13, claim`DAD, and a prefix within 10 s of it`),
    })
    mark(given, { name: router.name, prefixes: router.prefixes() }, { granting })
  }
  await Promise.all(first.map(ask))
  const hint = first[0]?.prefixes()[0]
  const taken = hint ? [asking('hint-taken', [{ hint }])] : []
  await Promise.all([...taken.map(ask), listen(timing.after(2, claim`the route of a new lease`))])

  // For each prefix, all at once: an echo request must arrive at the router that has it.
  const probed = first.filter(({ name }) => ['three', 'eight'].includes(name))
  await Promise.all(
    probed.flatMap((router, base) =>
      router.prefixes().map(async (prefix, index) => {
        const id = 1000 + 10 * base + index
        for (let seq = 1; seq <= tries; seq++) {
          const sent = await lan.host.send({
            ip6: { src: own, dst: addressIn(prefix, 1) },
            icmp6: { type: 'echo-request', id, seq, data: new Uint8Array(8) },
          })
          const arrived = await router.awaits(echoRequest({ id }), {
            since: sent,
            by: timing.answer(seq < tries ? 1 : 2),
          })
          if (arrived || seq === tries) mark(probe, { name: router.name, prefix }, { sent, arrived })
          if (arrived) return
        }
      }),
    ),
  )

  const cascade = first.find(({ name }) => name === 'cascade')
  const [outer, other] = (cascade?.prefixes() ?? []).filter((prefix) => !isUla(prefix.split('/')[0] ?? ''))
  const inner = outer && prefixLength(outer) < 64 ? nthSubnet(outer, 64, 1) : other
  mark(passedOn, { prefix: inner, of: outer })
  if (cascade && inner) {
    const deep = cascade.cascade(inner)
    const address = deep.gua()
    mark(deepPing, { address }, { reply: await deep.ping(internet.address) })
    const { outcome, syn, answer } = await deep.connect(internet.address, 80, { bytes: 1000 })
    mark(deepPage, { outcome }, { syn, answer })
    mark(deepFromLan, {}, { reply: address ? await lan.host.ping(address) : undefined })
  }
  mark(hintsFence, {}, { reply: await lan.host.ping(internet.address) })
}

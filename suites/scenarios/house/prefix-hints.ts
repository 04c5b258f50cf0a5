import { addressIn, type Bench, type DownstreamRouter, echoRequest, isUla, nthSubnet, prefixLength } from 'denat'

/** Hints by length that routers send in their Solicit; 0 is none. */
export const hintLengths = [0, 48, 56, 60, 62, 64] as const

/** Home routers of many kinds ask for prefixes at once; one passes what it is given on to a router behind it. */
export async function prefixHints({ isp, lan, internet, timing, mark, listen }: Bench): Promise<void> {
  internet.serveTcp(80)
  const delegated = isp.parameters.dhcpv6.prefixes[0] ?? '::/56'
  const linkPrefix = nthSubnet(`${lan.host.gua() ?? '::'}/64`, 64, 0)
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
  const given = async (router: DownstreamRouter) => {
    const since = router.start()
    const reply = await router.moves('::/0', { since, by: timing.after(13, 'DAD, and a prefix within 10 s of it') })
    mark('given', { name: router.name, prefixes: router.prefixes() }, [reply])
  }
  await Promise.all(first.map(given))
  const [one] = first
  const taken = asking('hint-taken', [{ hint: one?.prefixes()[0] ?? '::/64' }])
  await Promise.all([given(taken), listen(timing.after(2, 'the route of a new lease'))])

  // One echo request for each prefix, all at once: each must come out at the router that has it.
  const probed = first.filter(({ name }) => ['three', 'eight'].includes(name))
  await Promise.all(
    probed.flatMap((router, base) =>
      router.prefixes().map(async (prefix, index) => {
        const id = 1000 + 10 * base + index
        const probe = await lan.host.send({
          ip6: { src: lan.host.gua(), dst: addressIn(prefix, 1) },
          icmp6: { type: 'echo-request', id, seq: 1, data: new Uint8Array(8) },
        })
        const arrived = await router.hears(echoRequest({ id }), { since: probe, by: timing.answer(2) })
        mark('probe', { name: router.name, prefix }, [probe, arrived])
      }),
    ),
  )

  const cascade = first.find(({ name }) => name === 'cascade')
  const global = (cascade?.prefixes() ?? []).filter((prefix) => !isUla(prefix.split('/')[0] ?? '::'))
  const [outer = '::/64', other] = global
  const passedOn = prefixLength(outer) < 64 ? nthSubnet(outer, 64, 1) : other
  mark('passed-on', { prefix: passedOn, of: outer })
  if (cascade && passedOn) {
    const deep = cascade.cascade(passedOn)
    mark('deep-ping', { address: deep.gua() }, [await deep.ping(internet.address)])
    const page = await deep.connect(internet.address, 80, { bytes: 1000 })
    mark('deep-page', { outcome: page.outcome }, [page.syn, page.answer])
    mark('deep-from-lan', {}, [await lan.host.ping(deep.gua() ?? '::')])
  }
  mark('hints-fence', {}, [await lan.host.ping(internet.address)])
}

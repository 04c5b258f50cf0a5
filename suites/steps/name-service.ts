import { type Bench, claim, dhcpv6, dhcpv6Of, markOf, prefixContains, prefixUse, ra, z } from 'denat'
import { askAll, askAnnounced, askBoth, resolvedBy } from './dns-questions.ts'

/** Names that are asked for as A and as AAAA. */
const dualStackNames = { default: 12, full: 500 }

/** Asked for `ipv4only.arpa` (RFC 7050 section 3). */
export const nat64Discovery = markOf('nat64-discovery', { frames: ['answer'] })
/** A name that is asked for while nothing answers over IPv4. */
export const withoutIpv4 = markOf('without-ipv4', { data: { server: z.string() }, frames: ['answer'] })
export const resolverChanged = markOf('resolver-changed', {
  data: { former: z.string(), now: z.string() },
  frames: ['renew', 'reply'],
})

/** A host asks the resolvers that the router announces for names and records of all kinds, by UDP and by TCP. */
export async function nameService(bench: Bench): Promise<void> {
  const { mark, profile } = bench
  const [server] = await askAnnounced(bench, 'online')
  if (server) {
    await askAll(bench, server)
    mark(nat64Discovery, {}, { answer: await resolvedBy(bench, 'ipv4only.arpa', { server }) })
    await askBoth(bench, server, dualStackNames[profile])
    mark(withoutIpv4, { server }, { answer: await resolvedBy(bench, 'without-ipv4.example.com', { server }) })
  }
}

/** At T1 the ISP gives another prefix and another resolver, and the host asks again. */
export async function otherNameService(bench: Bench): Promise<void> {
  const { isp, lan, timing, mark, listen } = bench
  const { otherResolver } = isp
  isp.answerWith(
    'with another resolver',
    (_, usual) =>
      usual && {
        ...usual,
        options: usual.options.map((one) => (one.type === 'dns-servers' ? { ...one, servers: [otherResolver] } : one)),
      },
  )
  const former = isp.address
  const fresh = isp.otherPrefix()
  const changed = isp.change({ dhcpv6: { prefixes: [fresh] } })
  const renew = await isp.receives(dhcpv6('renew', { iaPd: {} }), {
    since: changed,
    by: timing.renewal(isp.parameters.dhcpv6),
    or: 'RFC8415-18.2.4-RENEW',
  })
  const { transactionId } = dhcpv6Of(renew)
  const swapped = isp.latest(dhcpv6('reply', { transactionId }), { or: 'RFC8415-18.2.4-RENEW' })
  mark(resolverChanged, { former, now: otherResolver }, { renew, reply: swapped })
  const used = await lan.awaits(
    ra({ prefixInformation: { prefix: (one: unknown) => prefixContains(fresh, String(one)) } }),
    { since: swapped, by: timing.after(prefixUse, claim`a prefix is advertised on the LAN`) },
  )
  await listen(timing.after(4, claim`RAs after the change, and a new address with its DAD`), used ?? swapped)
  // A host whose lease is of the former prefix asks from there.
  await lan.host.renewAddress({ within: 2 })
  await lan.host.settles({ since: used ?? swapped, by: timing.raChange })
  // What is advertised on another LAN by now.
  const [other] = lan.segments[1] ?? []
  const asksThere = async () => {
    if (other === undefined) return
    const newcomer = lan.join('newcomer', { port: other, dhcpv6: 'none' })
    await newcomer.settles({ since: used ?? swapped, by: timing.answer(4) })
    await listen(timing.after(1.2, claim`an answer may be spread over several RAs`))
  }
  await Promise.all([askAnnounced(bench, 'renumbered'), asksThere()])
}

import { type Bench, claim, dhcpv6, dhcpv6Of, markOf, prefixContains, prefixUse, ra, z } from 'denat'
import { lookForServices } from './in-service.ts'
import { linePrefix } from './line-prefix.ts'
import {
  markBefore,
  type Observers,
  preferred,
  receivesWithdrawal,
  renumberingOver,
  sendFromStale,
  type Trigger,
} from './renumber.ts'

const trigger = 'lifetime 0' satisfies Trigger

/** The Renew, and the Reply that withdraws the prefix. */
export const withdrawn = markOf('withdrawn', { data: { old: z.string() }, frames: ['renew', 'zeroed'] })
/** The preferred addresses of a host some seconds later, and its RS. */
export const afterWithdrawal = markOf('after-withdrawal', {
  data: { trigger: z.literal(trigger), addresses: z.array(z.string()) },
  frames: ['solicited'],
})

/** At T1 the ISP answers the Renew with the delegated prefix at preferred and valid lifetime 0, and gives no other. */
export async function withdraw(bench: Bench, observers: Observers): Promise<void> {
  const { isp, lan, timing, mark, listen } = bench
  const old = linePrefix(bench)
  const { source } = markBefore(bench, observers, { trigger, old })
  const changed = isp.change({ dhcpv6: { prefixes: [] } })
  const renew = await isp.awaits(dhcpv6('renew', { iaPd: {} }), {
    since: changed,
    by: timing.renewal(isp.parameters.dhcpv6),
  })
  if (!renew) return void mark(renumberingOver, { trigger })
  const { transactionId } = dhcpv6Of(renew)
  const zeroed = isp.latest(dhcpv6('reply', { transactionId }), { or: 'RFC8415-18.2.4-RENEW' })
  mark(withdrawn, { old }, { renew, zeroed })
  await receivesWithdrawal(bench, old, zeroed)
  await listen(timing.after(5, claim`RAs after the withdrawal`), zeroed)
  const solicited = lan.host.solicitRouter()
  mark(afterWithdrawal, { trigger, addresses: preferred(observers.host) }, { solicited })
  await lan.awaits(ra(), { since: solicited, by: timing.raChange })

  await Promise.all([observers.terminal?.renewAddress({ within: 3 }), observers.router.renew({ within: 3 })])
  await sendFromStale(bench, observers, source, trigger)
  const gateway = lan.gateway()
  const fence = gateway && (await lan.host.solicitNeighbor(gateway.linkLocal))
  mark(renumberingOver, { trigger }, { fence: fence?.answer })
}

/** The prefix that there is again, where the router was granted it, and the first RA that has it. */
export const grantedAgain = markOf('granted-again', { data: { prefix: z.string() }, frames: ['reply', 'advertised'] })

/** The ISP has a prefix again, for a client that requests one within some seconds: no clause specifies when a client does. */
export async function grantAgain(bench: Bench, { host, router }: Observers): Promise<void> {
  const { isp, lan, timing, mark, listen } = bench
  const prefix = isp.otherPrefix()
  const { t1, preferredLifetime } = isp.parameters.dhcpv6
  const since = isp.change({ dhcpv6: { prefixes: [prefix] } })
  const reply = await isp.grants(prefix, { since, by: timing.renewal({ t1, preferredLifetime }) })
  const isOfIt = (one: unknown) => prefixContains(prefix, String(one))
  const advertised =
    reply &&
    (await lan.awaits(ra({ prefixInformation: { prefix: isOfIt } }), {
      since: reply,
      by: timing.after(prefixUse, claim`a prefix is advertised on the LAN`),
    }))
  mark(grantedAgain, { prefix }, { reply, advertised })
  if (!advertised) return
  await host.settles({ since: advertised, by: timing.dad })
  for (let n = 0; n < 3 && !router.prefixes().some((one) => prefixContains(prefix, one)); n++) {
    await listen(timing.after(1, claim`not all parts of a router know at once`))
    await (router.prefixes().length > 0 ? router.renew({ within: 3 }) : router.solicit({ within: 3 }))
  }
  await lookForServices(bench, 'prefix withdrawn and granted', { host, router })
}

import { type Bench, type DownstreamRouter, dhcpv6 } from 'denat'
import { status } from '../answers.ts'

/** As many as a /60 has of /64: one more than can be given, whatever the LAN has taken. */
const routers = 16
const refusal = { iaPd: { statusCode: { status: status.noPrefixAvail } } }

/**
 * Home routers ask for prefixes until none of a /60 is left. One gives its prefix back, and a router that was refused
 * asks again.
 */
export async function prefixExhaustion({ lan, internet, timing, mark, listen }: Bench): Promise<void> {
  const asking = Array.from({ length: routers }, (_, index) => lan.joinRouter(`router-${index + 1}`, { start: false }))
  await Promise.all(
    asking.map(async (router) => {
      const since = router.start()
      const by = timing.after(13, 'DAD, and a prefix within 10 s of it')
      // Who was offered what another was given meanwhile asks again; who is refused goes on asking.
      const told = await Promise.race([
        router.moves('::/0', { since, by }),
        router.hears(dhcpv6('advertise', refusal), { since, by }),
        router.hears(dhcpv6('reply', refusal), { since, by }),
      ])
      mark('answered', { name: router.name, prefix: router.prefixes()[0] }, [told])
    }),
  )
  await listen(timing.after(2, 'who asks again after a refusal'))
  const holders = asking.filter((router) => router.prefixes().length > 0)
  const refused = asking.filter((router) => router.prefixes().length === 0)
  for (const router of refused) router.neglect()
  mark('given', { holders: holders.length, refused: refused.length })

  const [leaving, ...staying] = holders
  const [waiting] = refused
  if (!leaving || !waiting) return
  const again = async (router: DownstreamRouter, when: string) => {
    mark('asked', { name: router.name, when }, [await router.solicit({ within: 5 })])
  }
  await again(waiting, 'exhausted')
  const renewed = async (router: DownstreamRouter) => {
    const before = router.prefixes()[0]
    const reply = await router.renew({ within: 3 })
    mark('renewed', { name: router.name, before, prefix: router.prefixes()[0] }, [reply])
  }
  await Promise.all(staying.slice(0, 2).map(renewed))
  const prefix = leaving.prefixes()[0]
  mark('given-back', { name: leaving.name, prefix }, [await leaving.release({ within: 3 })])
  await listen(timing.after(1, 'a Release is worked off'))
  await again(waiting, 'released')
  mark('given-again', { name: waiting.name, prefix: waiting.prefixes()[0] })
  mark('exhaustion-fence', {}, [await lan.host.ping(internet.address)])
}

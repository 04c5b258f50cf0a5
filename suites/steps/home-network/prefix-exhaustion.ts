import { type Bench, claim, type DownstreamRouter, dhcpv6, dhcpv6Status, markOf, z } from 'denat'

const name = z.string()
const prefix = z.string().optional()

export const answered = markOf('answered', { data: { name, prefix }, frames: ['reply'] })
/** When all had asked: how many hold a prefix, and how many do not. */
export const sixteen = markOf('given', { data: { holders: z.number(), refused: z.number() } })
/** One that was refused requests again. Other marks of this name are about no router. */
export const askedAgain = markOf('asked', {
  data: { name: z.string().optional(), when: z.string() },
  frames: ['reply'],
})
export const renewed = markOf('renewed', { data: { name, before: prefix, prefix }, frames: ['reply'] })
export const givenBack = markOf('given-back', { data: { name, prefix }, frames: ['reply'] })
export const givenAgain = markOf('given-again', { data: { name, prefix } })
export const exhaustionFence = markOf('exhaustion-fence', { frames: ['reply'] })

/** As many as a /60 has of /64: one more than can be given, whatever the LAN has taken. */
const routers = 16
const refusal = { iaPd: { statusCode: { status: dhcpv6Status.noPrefixAvail } } }

/**
 * Home routers ask for prefixes until none of a /60 is left. One gives its prefix back, and a router that was refused
 * asks again.
 */
export async function prefixExhaustion({ lan, internet, timing, mark, listen }: Bench): Promise<void> {
  const asking = Array.from({ length: routers }, (_, index) => lan.joinRouter(`router-${index + 1}`, { start: false }))
  await Promise.all(
    asking.map(async (router) => {
      const since = router.start()
      const by = timing.after(13, claim`DAD, and a prefix within 10 s of it`)
      // A router that was offered what another was given meanwhile asks again; one that is refused goes on asking.
      const reply = await Promise.race([
        router.moves('::/0', { since, by }),
        router.awaits(dhcpv6('advertise', refusal), { since, by }),
        router.awaits(dhcpv6('reply', refusal), { since, by }),
      ])
      mark(answered, { name: router.name, prefix: router.prefixes()[0] }, { reply })
    }),
  )
  await listen(timing.after(2, claim`a router that asks again after a refusal`))
  const holders = asking.filter((router) => router.prefixes().length > 0)
  const refused = asking.filter((router) => router.prefixes().length === 0)
  for (const router of refused) router.neglect()
  mark(sixteen, { holders: holders.length, refused: refused.length })

  const [leaving, ...staying] = holders
  const [waiting] = refused
  if (!leaving || !waiting) return
  const again = async (router: DownstreamRouter, when: 'exhausted' | 'released') => {
    mark(askedAgain, { name: router.name, when }, { reply: await router.solicit({ within: 5 }) })
  }
  await again(waiting, 'exhausted')
  const renew = async (router: DownstreamRouter) => {
    const before = router.prefixes()[0]
    const reply = await router.renew({ within: 3 })
    mark(renewed, { name: router.name, before, prefix: router.prefixes()[0] }, { reply })
  }
  await Promise.all(staying.slice(0, 2).map(renew))
  const [released] = leaving.prefixes()
  mark(givenBack, { name: leaving.name, prefix: released }, { reply: await leaving.release({ within: 3 }) })
  await listen(timing.after(1, claim`a Release is processed`))
  await again(waiting, 'released')
  mark(givenAgain, { name: waiting.name, prefix: waiting.prefixes()[0] })
  mark(exhaustionFence, {}, { reply: await lan.host.ping(internet.address) })
}

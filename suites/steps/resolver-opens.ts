import { type Bench, claim, resolves } from 'denat'

/** A stub resolver stops after two queries 5 s apart, as that of glibc does. */
const attempts = 10

/** A DNS proxy may open some seconds after the line, so that a host asks more than once; the tenth second is the last. */
export async function resolverOpens({ lan, timing, listen }: Pick<Bench, 'lan' | 'timing' | 'listen'>): Promise<void> {
  const server = lan.host.resolvers().find((one) => one.includes(':'))
  for (let asked = 0; server && asked < attempts; asked++) {
    const answer = await lan.host.resolve(`opens-${asked}.example.com`, { server, within: 0.5 })
    if (answer && resolves(answer)) return
    // Some answer without a record until then.
    await listen(timing.after(answer ? 1 : 0.5, claim`a proxy that opens after the line`))
  }
}

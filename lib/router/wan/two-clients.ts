import type { Dhcpv6Client } from './dhcpv6-client.ts'

/** Addresses and prefixes by exchanges of their own, as two daemons would: RFC 9915 section 6.3 has both in one session. */
export function twoClients(forAddresses: Dhcpv6Client, forPrefixes: Dhcpv6Client): Dhcpv6Client {
  const both = [forAddresses, forPrefixes]
  /** What both learn is reported once. */
  const distinct = <T>(of: (client: Dhcpv6Client) => T[]): T[] => [
    ...new Map(both.flatMap(of).map((one) => [JSON.stringify(one), one])).values(),
  ]
  return {
    start({ address, prefix }) {
      if (address) forAddresses.start({ address, prefix: false })
      if (prefix) forPrefixes.start({ address: false, prefix })
    },
    resume() {
      for (const client of both) client.resume()
    },
    linkPrefixesChanged() {
      for (const client of both) client.linkPrefixesChanged()
    },
    anew() {
      for (const client of both) client.anew()
    },
    pause() {
      for (const client of both) client.pause()
    },
    release: (done) => forAddresses.release(() => forPrefixes.release(done)),
    decline: forAddresses.decline,
    leases: () => both.flatMap((client) => client.leases()),
    resolvers: () => distinct((client) => client.resolvers()),
    domains: () => distinct((client) => client.domains()),
    stateless: () => distinct((client) => client.stateless()),
    receive(message, alone) {
      for (const client of both) client.receive(message, alone)
    },
  }
}

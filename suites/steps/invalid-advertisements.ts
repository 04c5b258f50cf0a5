import { addressIn, fragment, linkLocalOf, nextPrefix, type PacketInit } from 'denat'
import { advertisement, pio } from './router-advertisement.ts'

/** A router that is not there, and the prefix that it offers. */
export interface BogusRouter {
  mac: string
  linkLocal: string
  prefix: string
}

/** What an RA of such a router looks like, in frames; every router discards it. */
type Forge = (router: BogusRouter) => PacketInit[]

/** Short, so that the trace of one that is believed after all is soon gone. Seconds. */
const lifetime = 3

function whole(router: BogusRouter, fields: Parameters<typeof advertisement>[0] = {}): PacketInit {
  const options = [
    { type: 'source-link-layer' as const, mac: router.mac },
    pio(router.prefix, { preferredLifetime: lifetime, validLifetime: lifetime }),
    ...(fields.options ?? []),
  ]
  return {
    ...advertisement({ preference: 'high', routerLifetime: lifetime, ...fields, options }),
    eth: { src: router.mac },
    ip6: { src: router.linkLocal, dst: 'ff02::1', hopLimit: 255 },
  }
}

/** RFC 4861 section 6.1.2. */
export const invalidAdvertisements = {
  'hop limit 254': (router) => [{ ...whole(router), ip6: { src: router.linkLocal, dst: 'ff02::1', hopLimit: 254 } }],
  'global source': (router) => [{ ...whole(router), ip6: { src: addressIn(router.prefix, 1), dst: 'ff02::1' } }],
  'wrong checksum': (router) => [whole(router, { checksum: 0xbad })],
  'code 1': (router) => [whole(router, { code: 1 })],
  // Type, a length of 0, and six octets more.
  'option length 0': (router) => [
    whole(router, { options: [{ type: 'malformed', data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) }] }),
  ],
} satisfies Record<string, Forge>

/** RFC 6980 section 5. */
export const fragmentedAdvertisements = {
  RA: (router) => fragment(whole(router), 72, 0xf1a6),
  'RA with a Fragment header': (router) => [
    { ...whole(router), ext: [{ type: 'fragment', offset: 0, more: false, id: 0xf1a7 }] },
  ],
} satisfies Record<string, Forge>

const forgeries = { ...invalidAdvertisements, ...fragmentedAdvertisements }
export type Forged = keyof typeof forgeries
export const forged = Object.keys(forgeries) as Forged[]

/** The router that one of them offers, with a prefix of its own in addition to the line's. */
export function bogusRouter(what: Forged, wanPrefix: string): BogusRouter {
  const index = forged.indexOf(what)
  const mac = `02:bb:00:00:00:${(index + 1).toString(16).padStart(2, '0')}`
  let prefix = nextPrefix(wanPrefix)
  for (let n = 0; n < index; n++) prefix = nextPrefix(prefix)
  return { mac, linkLocal: linkLocalOf(mac), prefix }
}

export const forge = (what: Forged, router: BogusRouter): PacketInit[] => forgeries[what](router)

/** A well-formed RA that takes back what a forged one of this router may have done. */
export function retraction({ mac, linkLocal, prefix }: BogusRouter): PacketInit {
  return {
    ...advertisement({ routerLifetime: 0, options: [pio(prefix, { preferredLifetime: 0, validLifetime: 0 })] }),
    eth: { src: mac },
    ip6: { src: linkLocal, dst: 'ff02::1' },
  }
}

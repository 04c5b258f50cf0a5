import { linkLocalOf, markOf, network, nthSubnet, type PacketInit } from 'denat'
import { advertisement, pio } from './router-advertisement.ts'

const brief = { preferredLifetime: 1, validLifetime: 2 }
/** Routers that do not exist, one for each RA of the flood. */
const flooders = 100

/** Prefixes other than the line's, all different. */
const otherPrefix = (wanPrefix: string, n: number): string =>
  nthSubnet(network(wanPrefix.replace(/\/\d+$/, '/48')), 64, 0x4000 + n)

/** A router that receives any of these must continue to work: the frames of each, in order. */
export const hostileAdvertisements = {
  // A PIO that claims 32 octets and has eight, and an RA that ends inside its own header.
  'cut short': () => [
    advertisement({ options: [{ type: 'malformed', data: Uint8Array.of(3, 4, 64, 0xc0, 0, 0, 0, 0) }] }),
    { ip6: { dst: 'ff02::1', hopLimit: 255 }, icmp6: { type: 134, body: Uint8Array.of(64, 0, 7, 8, 0, 0, 0, 0) } },
  ],
  // An MTU of 16 octets, and a PIO of 24, each with a valid PIO behind it.
  'options of a wrong length': (wanPrefix) =>
    [
      { type: 5, data: Uint8Array.of(0, 0, 0, 0, 5, 220, ...new Uint8Array(8)) },
      { type: 3, data: Uint8Array.of(64, 0x40, ...new Uint8Array(20)) },
    ].map((option, n) => advertisement({ options: [option, pio(otherPrefix(wanPrefix, 0x800 + n), brief)] })),
  '100 unknown options': () => [
    advertisement({ options: Array.from({ length: 100 }, (_, n) => ({ type: 100 + n, data: new Uint8Array(6) })) }),
  ],
  '200 PIOs': (wanPrefix) =>
    Array.from({ length: 5 }, (_, ra) =>
      advertisement({ options: Array.from({ length: 40 }, (_, n) => pio(otherPrefix(wanPrefix, 40 * ra + n), brief)) }),
    ),
  flood: (wanPrefix) =>
    Array.from({ length: flooders }, (_, n) => {
      const mac = `02:bb:00:01:${(n >> 8).toString(16).padStart(2, '0')}:${(n & 0xff).toString(16).padStart(2, '0')}`
      const options = [
        { type: 'source-link-layer' as const, mac },
        pio(otherPrefix(wanPrefix, 0x1000 + n), { ...brief, autonomous: false, onLink: true }),
      ]
      return {
        ...advertisement({ routerLifetime: 0, options }),
        eth: { src: mac },
        ip6: { src: linkLocalOf(mac), dst: 'ff02::1' },
      }
    }),
} satisfies Record<string, (wanPrefix: string) => PacketInit[]>

/** RAs with an option of a wrong length, and a PIO behind it. */
export const wrongLengths = markOf('wrong-lengths', { frames: ['mtu', 'pio'] })
/** Those whose frames are not well-formed. */
export const misshapen = ['cut short', 'options of a wrong length']
/** Comes as the forged RA with option length 0. */
export const zeroLength = 'zero-length option'
export const hostile = [...Object.keys(hostileAdvertisements), zeroLength]

/** RFC 6275 section 7.3 in every RA of some routers, and an unassigned type: ignored, without an effect on the rest. */
export const rareOptions = {
  'Advertisement Interval': { type: 7, data: Uint8Array.of(0, 0, 0, 0, 0x75, 0x30) },
  'an unassigned option': { type: 99, data: Uint8Array.from({ length: 14 }, (_, index) => 0xa0 + index) },
}
/** A neighbor's question that holds them all, and one without. */
export const rareQuestion = markOf('rare-question', { frames: ['question', 'answer', 'control'] })
export type RareOption = (typeof rareOptions)[keyof typeof rareOptions]

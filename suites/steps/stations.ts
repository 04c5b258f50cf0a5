import { markOf, z } from 'denat'

/** What the bench marks of its requesting routers by itself: from then on this one sends no DHCPv6. */
export const neglects = markOf('neglects', { data: { name: z.string() } })
/** It is there, or there again on this port. */
export const pluggedIn = markOf('plugged-in', { data: { name: z.string(), port: z.string().optional() } })
/** A host is disconnected from the LAN. */
export const unplugged = markOf('unplugged', { data: { name: z.string() } })
/** A node leaves the LAN: it sends nothing more. */
export const leftLan = markOf('left', { data: { name: z.string() } })

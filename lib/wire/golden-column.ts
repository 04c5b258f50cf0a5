import type { QuotedPacket } from './decode.ts'
import type { Packet } from './packet.ts'

/** What a column holds of one packet: nothing, one value, or all in the order of the wire. */
export type Column = Value | Value[]

export type Value = string | number | boolean | undefined

/** A packet as it came, or as an ICMP error quotes it. */
export type Read = QuotedPacket & Partial<Pick<Packet, 'eth'>>

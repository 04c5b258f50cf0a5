import { flawsOf } from '../wire/flaws.ts'
import { isFlawed } from './flawed.ts'
import type { Recording } from './recording.ts'

/** Frames of the bench's that are not well-formed although no comment marks them as flawed. */
export function illFormed({ frames }: Recording): string[] {
  return frames
    .filter((frame) => frame.direction === 'out' && !isFlawed(frame))
    .flatMap(({ number, packet }) => flawsOf(packet).map(({ what }) => `frame ${number}: ${what}`))
}

/** Transaction-ids that a client of the bench's used for more than one exchange: RFC 9915 section 16.1. */
export function reusedTransactions({ frames }: Recording): string[] {
  const used = new Map<string, string>()
  return frames.flatMap(({ direction, number, packet: { eth, udp, dhcp6 } }) => {
    if (direction !== 'out' || udp?.dstPort !== 547 || !dhcp6 || !('transactionId' in dhcp6)) return []
    const key = `${eth.src} ${dhcp6.transactionId}`
    const type = String(dhcp6.type)
    const before = used.get(key) ?? type
    used.set(key, before)
    return before === type ? [] : [`frame ${number}: ${type} with the transaction-id of a ${before}`]
  })
}

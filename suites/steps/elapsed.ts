import { dhcpv6OptionsOf, type Frame } from 'denat'

/**
 * How long the exchange had lasted when this was sent, by its Elapsed Time. Above 0 in the first that was seen: others
 * were lost before it. Seconds.
 */
export const elapsed = (frame: Frame): number => (dhcpv6OptionsOf(frame, 'elapsed-time')[0]?.value ?? 0) / 100

/** The longest timeout of a Solicit that follows so long an exchange: that of all before, and RAND. Seconds. */
export const longestAfter = (lasted: number): number => 1.2 * lasted + 1.1

/** Less than that is no timeout yet. Seconds. */
export const justBegun = 0.5

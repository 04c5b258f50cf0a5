/** What suites, device folders and labs are written with. Nothing else of the package is theirs to import. */

export { z } from 'zod'
export { isBridged } from './recording/bridged.ts'
export { type Capability, capabilities } from './recording/capabilities.ts'
export { flawed, isFlawed } from './recording/flawed.ts'
export type { Frame, Mark } from './recording/recording.ts'
export { segmentProbe } from './recording/segment-probe.ts'
export { type Claim, claim, quoted as quotedText, sentences, the } from './say/claim.ts'
export type { Bench, Dhcpv6Message, DownstreamRouter, Endpoint, LanHost, TcpOutcome } from './suite/bench.ts'
export type { Look } from './suite/coverage.ts'
export { explanation, type Traffic } from './suite/explanation.ts'
export { interruptionsOf, restartsOf } from './suite/interruptions.ts'
export * from './suite/lab-marks.ts'
export { isMarkOf, type Marked, type MarkType, markOf } from './suite/mark.ts'
export type { LinkView, Moment, Query, Where } from './suite/query.ts'
export * from './suite/read.ts'
export {
  type Case,
  type Evidence,
  invariant,
  type Judgement,
  on,
  type Requirement,
  requirement,
} from './suite/requirement.ts'
export { scenario, type WorldSpec } from './suite/scenario.ts'
export { carrierLoss } from './suite/timing.ts'
export * from './suite/windows.ts'
export type { PageObject, Pinhole, PrefixFlags, WebUi, WebUiDevice, WebUiStatus } from './web-ui/port.ts'
export { UnexpectedPage } from './web-ui/unexpected-page.ts'
export * from './wire/address.ts'
export { decodeQuotedPacket } from './wire/decode.ts'
export { describe } from './wire/describe.ts'
export { option4 } from './wire/dhcpv4.ts'
export { encodeDhcpv6, isRelay, option, optionsOf, statusOf } from './wire/dhcpv6.ts'
export { authenticated, keyIn, reconfigureKey, replayOf } from './wire/dhcpv6-auth.ts'
export type { Dhcpv6Option } from './wire/dhcpv6-option.ts'
export { dhcpv6OptionCode, dhcpv6Status } from './wire/dhcpv6-options.ts'
export { decodeDns, dnsQuery, encodeDns } from './wire/dns.ts'
export type { Flaw } from './wire/flaw.ts'
export { flawsOf } from './wire/flaws.ts'
export { fragment } from './wire/fragment.ts'
export type { Loose } from './wire/loose.ts'
export { absent, and, anyOf, condition, type Pattern, within as inside } from './wire/match.ts'
export type { NdOption } from './wire/nd-options.ts'
export type { ExtensionHeader, PacketInit } from './wire/packet.ts'
export * from './wire/patterns.ts'
export { decodePcpMap, encodePcpMap, pcpPort } from './wire/pcp.ts'

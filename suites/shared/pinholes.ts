import { decodePcpMap, type Evidence, type Frame } from 'denat'
import { asked, pinholeAsked, pinholeAttempt } from '../steps/firewall/pinhole-protocol.ts'
import { isStillOnline } from '../steps/still-online.ts'

export const mapOf = (response: Frame | undefined) =>
  response && decodePcpMap(response.packet.payload ?? new Uint8Array())

/** A connection attempt from the Internet after the pinhole opened or expired, and its frames on the LAN. */
export function attempted(evidence: Evidence, when: 'granted' | 'kept' | 'over' | 'again', isAsked: boolean) {
  const { at, assume, lan } = evidence
  assume(mapOf(at(pinholeAsked).response)?.result === 0, 'RFC6092-REC-48')
  const fence = isStillOnline(evidence, `pinhole, ${when}`)
  const { syn } = at(pinholeAttempt, (one) => one.when === when && (one.port === asked) === isAsked)
  if (!syn) throw new TypeError('the pinhole was not tried')
  const { srcPort, dstPort } = syn.packet.tcp ?? {}
  return { fence, syn, came: lan.fromDut.all({ tcp: { srcPort, dstPort } }, { after: syn }) }
}

import { decodePcpMap, forwarding, requirement } from 'denat'
import { asked } from '../scenarios/evening/pinhole-protocol.ts'
import { evening } from '../scenarios/evening.ts'

requirement(
  'RFC6092-REC-48',
  { cases: { granted: evening, opens: evening, 'opens nothing else': evening, ends: evening } },
  ({ case: what, lan, judge, did, given, marks, framesOf, notApplicable }) => {
    const request = did('pinhole-asked')
    const [sent, answer] = framesOf(request)
    const response = answer && decodePcpMap(answer.packet.payload ?? new Uint8Array())
    if (what === 'granted') {
      judge.found(answer, request, 'A host that asks for a pinhole by PCP is answered.', ...(sent ? [sent] : []))
      judge.equal(response?.result, 0, 'The result code of the response', answer ?? request)
      judge.equal(
        response?.external,
        String(request.data?.host),
        "The external address is the host's own,",
        answer ?? request,
      )
      return
    }
    const when = what === 'ends' ? 'over' : 'granted'
    given(answer, 'RFC6092-REC-48')
    const fence = given(
      framesOf(did('still-online', (mark) => mark.data?.when === `pinhole, ${when}`))[0],
      'DENAT-DEFAULT-1',
    )
    const filter = did('filter')
    const attempt = did(
      'pinhole-attempt',
      (mark) => mark.data?.when === when && (mark.data?.port === asked) === (what !== 'opens nothing else'),
    )
    const [syn] = framesOf(attempt)
    if (!syn) throw new TypeError('the pinhole was not tried')
    const { srcPort, dstPort } = syn.packet.tcp ?? {}
    const came = lan.fromDut.all({ tcp: { srcPort, dstPort } }, { after: syn })
    if (what === 'opens') {
      judge.found(
        came[0],
        forwarding(syn),
        'A connection attempt from the Internet to the port that was asked for reaches the host.',
      )
      return
    }
    if (filter.data?.on !== true) return notApplicable('The filter is off after a reset: all ports are open.', filter)
    judge.absent(
      came,
      what === 'ends'
        ? `When the pinhole has ${marks('pinhole-deleted').length > 0 ? 'been deleted' : 'come to its end'} a connection attempt to its port does not reach the host.`
        : 'A connection attempt to another port of the host does not reach it.',
      { fence, since: syn },
    )
  },
)

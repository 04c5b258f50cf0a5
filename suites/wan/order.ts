import { clientStart, dhcpv6, granted, pios, prefixContains, prefixUse, ra, requirement } from 'denat'
import { silentServer } from '../scenarios/silent-server.ts'
import { unansweredRequest } from '../scenarios/unanswered-request.ts'
import { nextSolicit } from './retransmission.ts'

requirement(
  'ROB-ORDER',
  {
    cases: {
      'RA after 10 s': silentServer,
      'server after 15 s': silentServer,
      'hosts before the line': unansweredRequest,
    },
  },
  ({ case: what, wan, lan, judge, given, did, recording }) => {
    const solicits = wan.fromDut.all(dhcpv6('solicit', { iaPd: {} }))
    if (what === 'RA after 10 s') {
      const advertised = did('first-ra')
      const asked = wan.fromDut.all(dhcpv6('solicit'))
      judge.due(
        asked.find(({ at }) => at >= advertised.at) ?? asked.at(-1),
        { after: advertised, seconds: clientStart },
        'An RA that comes 10 s after the router looked for one is acted on: it solicits.',
      )
      return
    }
    const first = given(solicits[0], 'RFC7084-W-4')
    if (what === 'server after 15 s') {
      const answer = wan.toDut.first(dhcpv6('advertise'))
      const advertise = judge.found(
        answer,
        answer ?? nextSolicit(solicits),
        'When the server begins to answer, after five Solicits, the router still asks.',
        first,
      )
      judge.due(
        wan.fromDut.seek(dhcpv6('request', { iaPd: {} }), { after: advertise }),
        { after: advertise, seconds: 5 },
        'The server is used as soon as it answers.',
      )
      return
    }
    const replies = wan.toDut.all(dhcpv6('reply', { iaPd: {} }))
    const reply = given(
      replies.find((frame) => granted(frame).length > 0),
      'RFC8415-18.2.2-REQUEST',
    )
    const prefixes = granted(reply)
    const prefixed = lan
      .of('host')
      .fromDut.all(ra(), { after: reply })
      .find((frame) => pios(frame).some((pio) => prefixes.some((prefix) => prefixContains(prefix, pio.prefix))))
    judge.due(
      prefixed,
      { after: reply, seconds: prefixUse },
      'A host that was there before the line is told of the prefix when it comes.',
    )
    judge.note(`The host was plugged in ${(reply.at - (recording.frames[0]?.at ?? 0)).toFixed(0)} s before.`, reply)
  },
)

import { requirement } from 'denat'
import { evening } from '../scenarios/evening.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'
import { crossed, crossingRequirement, roadIsOpen } from './crossings.ts'

crossingRequirement('RFC8200-4-EHPASS')

requirement(
  'RFC8200-4.4-RH0',
  {
    cases: {
      outbound: evening,
      reply: evening,
      inbound: webUiFirewall,
      'to the LAN address': evening,
      'to the WAN address': evening,
    },
  },
  (evidence) => {
    const { case: what, judge, given, did, marks, framesOf, notApplicable, wan, lan } = evidence
    const side = what === 'to the LAN address' ? 'LAN' : what === 'to the WAN address' ? 'WAN' : undefined
    if (!side) {
      roadIsOpen(evidence, what)
      const sent = did('rh0', (mark) => mark.data?.way === what)
      const [first, fence] = framesOf(sent)
      const { seen } = crossed(evidence, what, String(sent.data?.tag))
      judge.absent(seen, 'A packet with a type 0 Routing header, segments left, is not forwarded.', {
        fence: given(fence, what === 'inbound' ? 'DENAT-E2E-OPEN' : 'DENAT-DEFAULT-1'),
        since: first ?? sent,
      })
      return
    }
    const over = did('transit-fence')
    const sent = marks('rh0-to-router').find((mark) => mark.data?.side === side)
    if (!sent) return notApplicable(`The router was not seen to have a global address on its ${side}.`, over)
    const [first, fence] = framesOf(sent)
    const tag = `[${sent.data?.tag}]`
    const processed = [wan, ...lan.segments]
      .flatMap((link) => link.fromDut.all({ ext: [{ type: 'routing', routingType: 0 }] }, { after: first }))
      .filter(({ bytes }) => Buffer.from(bytes).includes(tag))
    judge.absent(processed, 'The router sends no packet on that names it as a stop in a type 0 Routing header.', {
      fence: given(fence, 'DENAT-DEFAULT-1'),
      since: first ?? sent,
    })
    const link = side === 'LAN' ? lan.of('host') : wan
    const problem = link.fromDut.first({ icmp6: { type: 'parameter-problem' } }, { after: first, before: over })
    judge.note(problem ? 'A Parameter Problem is sent.' : 'It says nothing about it.', problem ?? sent)
  },
)

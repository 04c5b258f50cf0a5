import { requirement } from 'denat'
import { evening } from '../scenarios/evening.ts'
import { fullHouse } from '../scenarios/full-house.ts'
import { ipv6OnlyLine } from '../scenarios/ipv6-only-line.ts'
import { wanPrefixes } from '../scenarios/wan-prefixes.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'

const lines = { '/57': fullHouse, '/58': ipv6OnlyLine, '/59': webUiFirewall, '/60': evening, '/61': wanPrefixes }

requirement(
  'RFC7608-2-ANYLENGTH',
  {
    cases: Object.fromEntries(
      Object.entries(lines).flatMap(([length, on]) => [
        [`${length}, inside`, on],
        [`${length}, beside`, on],
      ]),
    ),
  },
  ({ case: name, judge, given, did, framesOf, wan }) => {
    const [length, where] = name.split(', ')
    const probed = did('prefix-edge')
    const frames = framesOf(probed)
    const fence = given(
      frames.findLast(({ packet }) => packet.icmp6?.type === 'echo-reply'),
      length === '/58' ? 'DENAT-V6ONLY-WAN' : 'DENAT-DEFAULT-1',
    )
    const { inside, outside } = probed.data as { inside: string; outside: string }
    const [kept, sent] = frames
    if (!kept || !sent) throw new TypeError('the edge of the prefix was not probed')
    if (where === 'inside')
      return judge.absent(
        wan.fromDut.all({ ip6: { dst: inside } }, { after: kept }),
        `A packet to ${inside}, the far end of a delegated ${length}, does not leave on the WAN.`,
        { fence, since: kept },
      )
    judge.found(
      wan.fromDut.first({ ip6: { dst: outside } }, { after: sent, before: fence }),
      fence,
      `A packet to ${outside}, which a delegated ${length} does not hold though it differs in its last bit alone, leaves on the WAN.`,
      sent,
    )
  },
)

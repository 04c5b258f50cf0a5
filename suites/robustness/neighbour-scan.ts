import { ns, requirement } from 'denat'
import { fullHouse } from '../scenarios/full-house.ts'
import { lineFlaps } from '../scenarios/line-flaps.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'

requirement(
  'ROB-NDCACHE',
  { cases: { 'from the LAN': fullHouse, 'from the WAN': webUiFirewall, 'flood from the LAN': lineFlaps } },
  ({ judge, given, did, framesOf, lan }) => {
    const before = given(framesOf(did('scan-before'))[0], 'DENAT-DEFAULT-1')
    const scanned = did('scanned')
    const [first] = framesOf(scanned)
    const { addresses, echoes, answered } = scanned.data as { addresses: number; echoes: number; answered: number }
    const lost = (echoes - answered) / echoes
    judge.holds(
      lost < 0.01,
      `While ${addresses} addresses of the LAN are tried that nobody has, less than 1 % of the echo requests of a known host are lost.`,
      `${echoes - answered} of ${echoes} were lost`,
      before,
      first ?? scanned,
      ...framesOf(scanned).slice(1, 3),
    )
    const after = did('scan-after')
    judge.found(framesOf(after)[0], after, 'Afterwards the host uses the Internet as before.')
    const asked = lan.of('host').fromDut.all(ns(), { after: first ?? scanned, before: after })
    judge.note(`Meanwhile the router sent ${asked.length} Neighbor Solicitations.`, ...asked.slice(0, 1))
  },
)

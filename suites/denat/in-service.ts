import { type Case, type Claim, claim, type Evidence, type Frame, type Judgement, on, requirement, the } from 'denat'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { longSessions } from '../scenarios/long-sessions.ts'
import { rebinding } from '../scenarios/rebinding.ts'
import { reconfigure, reconfigureAccepted } from '../scenarios/reconfigure.ts'
import { renumbering } from '../scenarios/renumbering.ts'
import { restart } from '../scenarios/restart.ts'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import { webUiSwitch } from '../scenarios/web-ui.ts'
import { used } from '../shared/lan-port.ts'
import { lackingFor } from '../shared/renumbering.ts'
import { type Event, inService } from '../steps/in-service.ts'
import { tookPlace } from '../steps/took-place.ts'
import { grantedAgain } from '../steps/withdrawal.ts'

const id = 'DENAT-BACK'

/** Which scenario contains an event, and which requirement fails where nothing works after it. */
const courses = {
  NoBinding: { on: renumbering, by: 'RFC8415-18.2.10-NOBINDING', renumbers: true },
  'line cut, same prefix': { on: renumbering, by: 'ROB-FLAP' },
  'line cut, new prefix': { on: renumbering, by: 'ROB-FLAP', renumbers: true },
  'server silent, new prefix': { on: renumbering, by: 'ROB-FLAP', renumbers: true },
  'power cut, same prefix': { on: restart, by: 'DENAT-ADDR-STABLE' },
  'reboot, same prefix': { on: restart, by: 'DENAT-ADDR-STABLE' },
  'reboot, new prefix': { on: restart, by: 'RFC7084-W-4', renumbers: true },
  'power cut, new prefix': { on: restart, by: 'RFC7084-W-4', renumbers: true },
  'Renew, new prefix': { on: flashRenumbering, by: 'RFC8415-18.2.4-RENEW', renumbers: true },
  Rebind: { on: rebinding, by: 'RFC8415-18.2.5-REBIND' },
  Reconfigure: { on: reconfigure, by: 'RFC8415-18.2.11-RECONF', renumbers: true },
  'default router lost': { on: longSessions, by: 'RFC7084-G-5' },
  'line cut for 5 s': { on: longSessions, by: 'DENAT-FLOW-INUSE' },
  'prefix withdrawn and granted': { on: flashRenumbering, by: 'RFC9096-3.5-WANZERO' },
  'line cut, no server at first': { on: rebinding, by: 'RFC8415-18.2.12-REBOOT' },
  'LAN port without a cable': { on: slaacWan, by: 'ROB-LANPORT' },
  'IPv6 switched off and on': { on: webUiSwitch, by: 'UI-DEFAULT-V6ON' },
} satisfies { [E in Event]: { on: Case['scenarios'][number]; by: string; renumbers?: true } }

/** What is asked for, by the name of its frame. */
const services = {
  information: claim`The router answers an Information-request`,
  name: claim`A host resolves a name`,
  behind: claim`A host behind the downstream router reaches the Internet`,
}

const names = Object.keys(services) as (keyof typeof services)[]

type Round = ReturnType<typeof roundsOf>[number]

const roundsOf = ({ every }: Evidence) => every(inService)

const isClosed = ({ sent, came }: Round): boolean => sent !== undefined && came === undefined

/** The RA with the prefix that is granted again. No clause specifies when a client requests one. */
function isGranted(evidence: Evidence) {
  const { at, notApplicable } = evidence
  tookPlace(evidence, grantedAgain)
  const { reply, advertised, mark } = at(grantedAgain)
  if (!reply) notApplicable(claim`The router did not request a prefix again during the observation.`, mark)
  return advertised
}

type Service = 'control' | keyof typeof services

/** Which id is the cause of a service that an event ended: after renumbering, the id that judges downstream routers of the old prefix. */
function blame(evidence: Evidence, { after, control, mark }: Round, service: Service): string {
  if (!after) return id
  const { by, renumbers }: { by: string; renumbers?: true } = courses[after]
  if (!control) return lackingFor(evidence, mark, by)
  return service === 'behind' && renumbers ? 'DENAT-RENUM-CASCADE' : id
}

/** It is there now. What an event before this one has cost is that one's. */
function isThere(evidence: Evidence, now: Round, service: Service, expected: Claim, ...context: Frame[]): Frame {
  const { judge, assume, followsFrom } = evidence
  const rounds = roundsOf(evidence)
  const place = rounds.findIndex(({ mark }) => mark === now.mark)
  const had = rounds.slice(0, place).findLastIndex((one) => one[service])
  const by = blame(evidence, rounds[had + 1] as Round, service)
  if (!now[service] && by === id) assume(had === place - 1, id)
  else if (!now[service]) followsFrom(by)
  return judge.found(now[service], now.mark, expected, ...context)
}

/** What was there at first is there afterwards. */
const isBack =
  (after: Event): Judgement =>
  (evidence) => {
    const { at, judge, given, assume, notApplicable } = evidence
    const accepting = after === 'Reconfigure' && at(reconfigureAccepted)
    if (accepting && !accepting.accepts)
      notApplicable(claim`The router does not accept Reconfigure (RFC7084-WAA-4).`, accepting.mark)
    if (after === 'LAN port without a cable') used(evidence)
    if (after === 'prefix withdrawn and granted') given(isGranted(evidence), 'RFC8415-18.2.10-ONLAN')
    tookPlace(evidence, inService)
    const now = at(inService, (one) => one.after === after)
    const rounds = roundsOf(evidence)
    const [first] = rounds as [Round]
    assume(first.address !== undefined, 'DENAT-GUA-1')
    given(first.control, 'DENAT-DEFAULT-1')
    const control = isThere(
      evidence,
      now,
      'control',
      claim`A host reaches the Internet after this event: ${the.name(after)}.`,
    )
    for (const name of names)
      if (first[name])
        isThere(
          evidence,
          now,
          name,
          claim`${services[name]} after this event as before it: ${the.name(after)}.`,
          control,
        )
    if (!now.sent || !isClosed(first)) return
    const before = rounds.slice(
      0,
      rounds.findIndex(({ mark }) => mark === now.mark),
    )
    assume(
      before.every(({ came }) => !came),
      id,
    )
    judge.absent(
      now.came ? [now.came] : [],
      claim`The router forwards no unsolicited inbound packet after this event: ${the.name(after)}.`,
      {
        since: now.sent,
        fence: given(now.fence, id),
      },
    )
  }

export const requirements = [
  requirement(
    id,
    Object.fromEntries(
      Object.entries(courses).map(([after, play]): [string, Case] => [after, on(play.on, isBack(after as Event))]),
    ),
  ),
]

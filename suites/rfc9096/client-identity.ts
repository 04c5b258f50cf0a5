import { claim, dhcpv6, requirement, the } from 'denat'
import { restart, restarted } from '../scenarios/restart.ts'
import { onlineAgain } from '../steps/keeps.ts'

export const requirements = [
  requirement('RFC9096-WPD-9', restart, ({ wan, judge, given, at, every }) => {
    at(onlineAgain, ({ kind }) => kind === 'reboot')
    const online = every(onlineAgain)
    for (const [index, { kind, mark: begun }] of every(restarted).entries()) {
      const fence = given(online[index]?.reply, 'DENAT-DEFAULT-1')
      judge.absent(
        wan.fromDut.all(dhcpv6('release'), { after: begun, before: fence }),
        claim`The client releases no lease at a restart (${the.name(kind)}).`,
        { fence, since: begun },
      )
    }
  }),
]

import type { Behavior } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

type Flaw = Behavior['reconfigureFlawOverlooked']

const overlooked: [Flaw, string, string][] = [
  ['no authentication', 'no authentication', 'that proves nothing'],
  ['wrong digest', 'wrong HMAC', 'whose digest is wrong'],
  ['replayed', 'old replay counter', 'that was sent before'],
  ['sent again', 'same replay counter', 'whose replay counter is that of the one before'],
  ['another client', 'another client', 'that is for another client'],
  ['no Client Identifier', 'no Client Identifier', 'that is for nobody'],
  ['no Server Identifier', 'no Server Identifier', 'that comes from nobody'],
  ['no demand', 'no Reconfigure Message', 'that demands nothing'],
  ['unknown demand', 'demands a Request', 'that demands what none may'],
  ['multicast', 'multicast', 'that was sent to all'],
]

export const reconfigure: Mutant[] = [
  ...overlooked.map(
    ([flaw, told, story]): Mutant => ({
      name: `reconfigure-believed-${flaw.toLowerCase().replaceAll(' ', '-')}`,
      story: `A Reconfigure ${story} is believed.`,
      violates: [`RFC8415-16.11-RECONF-BAD · ${told}`],
      behavior: { reconfigureFlawOverlooked: flaw },
    }),
  ),
  {
    name: 'reconfigure-ignored',
    story: 'Reconfigure is accepted by the Solicit, and ignored when it comes.',
    violates: [
      'RFC8415-18.2.11-RECONF · Renew',
      'RFC8415-18.2.11-RECONF · Rebind',
      'RFC8415-18.2.11-RECONF · Information-request',
    ],
    behavior: { reconfigureLeadsTo: () => undefined },
  },
  {
    name: 'reconfigure-renews-only',
    story: 'Whatever a Reconfigure demands, a Renew is what it leads to.',
    violates: ['RFC8415-18.2.11-RECONF · Rebind', 'RFC8415-18.2.11-RECONF · Information-request'],
    behavior: { reconfigureLeadsTo: () => 'renew' },
  },
  {
    name: 'reconfigure-never-renews',
    story: 'A Reconfigure that demands a Renew is ignored.',
    violates: ['RFC8415-18.2.11-RECONF · Renew'],
    behavior: { reconfigureLeadsTo: (demand) => (demand === 'renew' ? undefined : demand) },
  },
  {
    name: 'reconfigured-rebind-names-server',
    story: 'A Rebind that a Reconfigure demanded names the server, which discards it.',
    violates: ['RFC8415-18.2.11-RECONF · Rebind names no server'],
    behavior: { rebindNamesServer: 'when it was demanded' },
  },
  {
    name: 'reconfigure-key-forgotten',
    story:
      'A Reply without a key makes the client forget the one that it was given, so that later Reconfigures are dropped.',
    violates: ['RFC8415-18.2.11-RECONF · Rebind', 'RFC8415-18.2.11-RECONF · Information-request'],
    behavior: { reconfigureKeyKept: false },
  },
  {
    name: 'reconfigure-interrupts',
    story: 'A second Reconfigure ends the exchange that the first one began.',
    violates: ['RFC8415-18.2.11-RECONF · during the exchange'],
    behavior: { reconfigureMeanwhile: 'heeded' },
  },
]

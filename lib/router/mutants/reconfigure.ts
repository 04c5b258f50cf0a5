import type { Behavior } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

type Flaw = Behavior['reconfigureFlawOverlooked']

const overlooked: [Flaw, string, string][] = [
  ['no authentication', 'no authentication', 'that proves nothing'],
  ['wrong digest', 'wrong HMAC', 'whose digest is wrong'],
  ['replayed', 'old replay counter', 'that was replayed'],
  ['sent again', 'same replay counter', 'with the replay counter of the previous one'],
  ['another client', 'another client', 'with the Client Identifier of another client'],
  ['no Client Identifier', 'no Client Identifier', 'without a Client Identifier'],
  ['no Server Identifier', 'no Server Identifier', 'without a Server Identifier'],
  ['no demand', 'no Reconfigure Message', 'without a Reconfigure Message option'],
  ['unknown demand', 'demands a Request', 'for a Request'],
  ['multicast', 'multicast', 'that was sent by multicast'],
]

export const reconfigure: Mutant[] = [
  ...overlooked.map(
    ([flaw, option, story]): Mutant => ({
      name: `reconfigure-believed-${flaw.toLowerCase().replaceAll(' ', '-')}`,
      story: `A Reconfigure ${story} is accepted.`,
      violates: [`RFC8415-16.11-RECONF-BAD · ${option}`],
      behavior: { reconfigureFlawOverlooked: flaw },
    }),
  ),
  {
    name: 'reconfigure-ignored',
    story: 'The Solicit has Reconfigure Accept, but a Reconfigure is ignored.',
    violates: [
      'RFC8415-18.2.11-RECONF · Renew',
      'RFC8415-18.2.11-RECONF · Rebind',
      'RFC8415-18.2.11-RECONF · Information-request',
    ],
    behavior: { reconfigureLeadsTo: () => undefined },
  },
  {
    name: 'reconfigure-renews-only',
    story: 'The client answers every Reconfigure with a Renew.',
    violates: ['RFC8415-18.2.11-RECONF · Rebind', 'RFC8415-18.2.11-RECONF · Information-request'],
    behavior: { reconfigureLeadsTo: () => 'renew' },
  },
  {
    name: 'reconfigure-never-renews',
    story: 'A Reconfigure for a Renew is ignored.',
    violates: ['RFC8415-18.2.11-RECONF · Renew'],
    behavior: { reconfigureLeadsTo: (demand) => (demand === 'renew' ? undefined : demand) },
  },
  {
    name: 'reconfigured-rebind-names-server',
    story: 'The Rebind after a Reconfigure has a Server Identifier, and the server discards it.',
    violates: ['RFC8415-18.2.11-RECONF · Rebind names no server'],
    behavior: { rebindNamesServer: 'when it was demanded' },
  },
  {
    name: 'reconfigure-key-forgotten',
    story: "A Reply without a key deletes the client's key, so that later Reconfigures are dropped.",
    violates: ['RFC8415-18.2.11-RECONF · Rebind', 'RFC8415-18.2.11-RECONF · Information-request'],
    behavior: { reconfigureKeyKept: false },
  },
  {
    name: 'reconfigure-interrupts',
    story: 'A second Reconfigure ends the exchange of the first one.',
    violates: ['RFC8415-18.2.11-RECONF · during the exchange'],
    behavior: { reconfigureMeanwhile: 'heeded' },
  },
]

import {
  anyOf,
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  dhcpv6Status,
  type Evidence,
  type Frame,
  type Judgement,
  on,
  optionsOf,
  requirement,
  statusOf,
  the,
} from 'denat'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import { globals, sixteenAsked, subnets } from '../shared/askers.ts'
import { askedAgain, givenBack, renewed } from '../steps/home-network/prefix-exhaustion.ts'

/** Some routers were given a prefix, and some were not. */
function filled(evidence: Evidence): void {
  const { assume } = evidence
  subnets(evidence)
  const { holders, refused } = sixteenAsked(evidence)
  assume(holders > 0, 'RFC9818-LPD-1')
  assume(refused > 0, 'RFC9818-LPD-4')
}

/** The router that asks once when nothing is left, and once when something was released. */
function waiting({ lan, world, at, given }: Evidence, when: 'exhausted' | 'released') {
  const { name = '', mark: asked } = at(askedAgain, (one) => one.when === when)
  const clientId = { duid: world.stations[name]?.duid }
  const link = lan.of(name)
  const solicits = link.toDut.all(dhcpv6('solicit', { clientId }), { before: asked })
  const solicit = given(solicits.at(-1), 'RFC9818-LPD-1')
  return { link, clientId, solicit, asked }
}

const leasesGoOn: Judgement = (evidence) => {
  const { judge, given, every } = evidence
  filled(evidence)
  const all = every(renewed)
  // A router that gives all to the first has nothing more to renew.
  given(all[0]?.mark, 'RFC9818-LPD-7')
  for (const { before, reply, mark } of all) {
    const extended = judge.found(reply, mark, claim`The router renews a lease although no other prefix is left.`)
    judge.holds(
      before !== undefined && globals(extended).includes(before),
      claim`The downstream router retains its prefix.`,
      claim`${the.list(
        globals(extended).map((item) => the.prefix(item)),
        claim`no prefix`,
      )}`,
      extended,
    )
  }
}

const isGivenAgain: Judgement = (evidence) => {
  const { judge, given, at } = evidence
  filled(evidence)
  const { reply: released } = at(givenBack)
  const reply = given(released, 'RFC9818-LPD-5-REMOVE')
  const { link, clientId, solicit, asked } = waiting(evidence, 'released')
  judge.found(
    link.fromDut.all(dhcpv6('reply', { clientId }), { after: solicit }).find((frame) => globals(frame).length > 0),
    asked,
    claim`After a prefix is released, the router delegates one to the requesting router that was refused.`,
    reply,
    solicit,
  )
}

const isRefused: Judgement = (evidence) => {
  const { judge } = evidence
  filled(evidence)
  const { link, clientId, solicit, asked } = waiting(evidence, 'exhausted')
  const isIts = (frame: Frame) => dhcpv6OptionsOf(frame, 'client-id').some(({ duid }) => duid === clientId.duid)
  const answer = judge.found(
    // A Solicit with Rapid Commit may be answered by a Reply.
    link.fromDut.all({ dhcp6: { type: anyOf('advertise', 'reply') } }, { after: solicit }).find(isIts),
    asked,
    claim`The router responds to a requesting router when no prefix is left.`,
    solicit,
  )
  const [ia] = dhcpv6OptionsOf(answer, 'ia-pd')
  judge.equal(ia && statusOf(ia), dhcpv6Status.noPrefixAvail, claim`The status code in the IA_PD`, answer)
  judge.holds(
    !dhcpv6OptionsOf(answer, 'ia-pd').some((one) => optionsOf(one, 'ia-prefix').length > 0),
    claim`The response contains no prefix.`,
    claim`a prefix together with the status code`,
    answer,
  )
}

export const requirements = [
  requirement('DENAT-PD-EXHAUST', {
    'NoPrefixAvail when nothing is left': on(slaacWan, isRefused),
    'leases go on': on(slaacWan, leasesGoOn),
    'again after a Release': on(slaacWan, isGivenAgain),
  }),
]

import {
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  iaPrefixes,
  inPrefix,
  lifetimeSlack,
  prefixContains,
  requirement,
  statusOf,
} from 'denat'
import { evening } from '../scenarios/evening.ts'
import { type Talk, talk } from './dhcpv6-messages.ts'

const status = { success: 0, noBinding: 3, notOnLink: 4 }

type Requested = (evidence: Evidence, request: Talk) => Frame
const needed: Requested = ({ given }, { answer }) => given(answer, 'RFC8415-18.3.4-RENEW')
const isAnswered = ({ judge }: Evidence, { question, answer, over }: Talk, claim: string): Frame =>
  judge.found(answer, over, claim, question)
const asked: Requested = (evidence, request) =>
  isAnswered(evidence, request, 'A Request for the address that was offered is answered by a Reply.')

/** The address that the client holds; without one there is nothing to confirm, renew or decline. */
function leased(evidence: Evidence, requested: Requested = needed): string {
  const { given, notApplicable } = evidence
  const information = given(talk(evidence, 'information').answer, 'RFC7084-L-8')
  const offer = talk(evidence, 'solicit').answer
  if (!offer || iaAddresses(offer).length === 0)
    return notApplicable('The server is stateless: it offers no address.', offer ?? information)
  const reply = requested(evidence, talk(evidence, 'request'))
  return iaAddresses(reply)[0]?.address ?? '::'
}

requirement(
  'RFC8415-18.3.3-CONFIRM',
  { cases: { 'on-link': evening, 'foreign prefix': evening, 'no address': evening } },
  (evidence) => {
    const { case: what, judge, did, given, framesOf } = evidence
    leased(evidence)
    if (what === 'no address') {
      const { question, answer } = talk(evidence, 'confirm nothing')
      given(talk(evidence, 'confirm on-link').answer, 'RFC8415-18.3.3-CONFIRM')
      judge.absent(answer ? [answer] : [], 'A Confirm in which no IA has an address is not answered.', {
        fence: given(framesOf(did('dhcpv6-fence'))[1], 'RFC7084-L-8'),
        since: question,
      })
      return
    }
    const confirm = talk(evidence, what === 'on-link' ? 'confirm on-link' : 'confirm foreign')
    const { question } = confirm
    const reply = isAnswered(evidence, confirm, 'A Confirm is answered by a Reply.')
    judge.equal(dhcpv6Of(reply).type, 'reply', 'The answer is a', question, reply)
    judge.equal(
      statusOf(dhcpv6Of(reply)),
      what === 'on-link' ? status.success : status.notOnLink,
      what === 'on-link'
        ? 'The status for an address that fits the link is Success'
        : 'The status for an address of a prefix that is not on the link is NotOnLink',
      question,
      reply,
    )
  },
)

requirement(
  'RFC8415-18.3.4-RENEW',
  {
    cases: {
      known: evening,
      'lifetimes within the WAN lease': evening,
      'T1 and T2': evening,
      unknown: evening,
    },
  },
  (evidence) => {
    const { case: what, wan, judge, given, notApplicable } = evidence
    const address = leased(evidence, what === 'known' ? asked : needed)
    if (what === 'unknown') {
      const renew = talk(evidence, 'renew unknown')
      const { question } = renew
      const reply = isAnswered(evidence, renew, 'A Renew of an IA that is not bound is answered.')
      const [ia] = dhcpv6OptionsOf(reply, 'ia-na')
      const held = iaAddresses(reply).filter(({ validLifetime }) => validLifetime > 0)
      judge.holds(
        held.length > 0 || (ia !== undefined && statusOf(ia) !== status.success),
        'The IA is bound anew, or its status says why not.',
        ia ? `an empty IA with status ${statusOf(ia)}` : 'no IA_NA',
        question,
        reply,
      )
      return judge.note(
        held[0] ? `It is bound anew: ${held[0].address}.` : `Its status is ${ia && statusOf(ia)}.`,
        reply,
      )
    }
    const renew = talk(evidence, 'renew')
    const { question, answer } = renew
    const reply =
      what === 'known'
        ? isAnswered(evidence, renew, 'A Renew is answered by a Reply.')
        : given(answer, 'RFC8415-18.3.4-RENEW')
    const same = iaAddresses(reply).find((one) => one.address === address && one.validLifetime > 0)
    if (what === 'known') {
      judge.holds(
        same !== undefined,
        `It extends the lease of ${address}.`,
        iaAddresses(reply)
          .map((one) => `${one.address} ${one.preferredLifetime}/${one.validLifetime}`)
          .join(', ') || 'no address',
        question,
        reply,
      )
      return
    }
    if (what === 'T1 and T2') {
      const ias = [...dhcpv6OptionsOf(reply, 'ia-na'), ...dhcpv6OptionsOf(reply, 'ia-pd')].filter(
        (ia) => statusOf(ia) === status.success && ia.options.length > 0,
      )
      const [first, ...others] = ias
      if (!first || others.length === 0)
        return notApplicable('The Reply holds one IA only, and so no others to be equal to.', reply)
      judge.holds(
        others.every(({ t1, t2 }) => t1 === first.t1 && t2 === first.t2),
        'T1 and T2 are the same in all IAs of a Reply.',
        ias.map(({ type, t1, t2 }) => `${type} ${t1}/${t2}`).join(', '),
        question,
        reply,
      )
      return
    }
    const lease = given(
      wan.toDut.all(dhcpv6('reply'), { before: reply }).findLast((frame) => granted(frame).length > 0),
      'RFC7084-W-4',
    )
    const age = reply.at - lease.at
    const longest = Math.max(...iaPrefixes(lease).map(({ validLifetime }) => validLifetime))
    // What it leases of a ULA prefix is its own.
    const outOfIt = [
      ...iaAddresses(reply).filter((one) => granted(lease).some((prefix) => inPrefix(one.address, prefix))),
      ...iaPrefixes(reply).filter((one) => granted(lease).some((prefix) => prefixContains(prefix, one.prefix))),
    ]
    if (outOfIt.length === 0) return notApplicable('It leases nothing of the delegated prefix.', reply)
    const tooLong = outOfIt.filter(({ validLifetime }) => validLifetime > longest - age + lifetimeSlack)
    judge.holds(
      tooLong.length === 0,
      `What is leased lives no longer than the delegated prefix, which has ${Math.floor(longest - age)} s left.`,
      tooLong.map(({ validLifetime }) => `${validLifetime} s`).join(', '),
      lease,
      reply,
    )
  },
)

requirement(
  'RFC8415-18.3.8-DECLINE',
  {
    cases: {
      Decline: evening,
      'declined address': evening,
      'Decline of what is not bound': evening,
      Release: evening,
      'Release of what is not bound': evening,
    },
    // RFC 9915 section 18.3.8: the server SHOULD mark it.
    levels: { 'declined address': 'SHOULD' },
  },
  (evidence) => {
    const { case: what, judge, given } = evidence
    const address = leased(evidence)
    const succeeds = (step: string) => {
      const asking = talk(evidence, step)
      const { question } = asking
      const reply = isAnswered(evidence, asking, `A ${what} is answered by a Reply.`)
      judge.equal(statusOf(dhcpv6Of(reply)), status.success, 'Its status is Success', question, reply)
    }
    switch (what) {
      case 'Decline':
        return succeeds('decline')
      case 'Release': {
        const { question, answer: next } = talk(evidence, 'solicit again')
        if (!next || iaAddresses(next).length === 0)
          return evidence.notApplicable('There was no second address to be released.', next ?? question)
        return succeeds('release')
      }
      case 'declined address': {
        given(talk(evidence, 'decline').answer, 'RFC8415-18.3.8-DECLINE')
        const { question, answer } = talk(evidence, 'solicit again')
        const offer = answer ?? question
        judge.holds(
          answer === undefined || !iaAddresses(answer).some((one) => one.address === address),
          `The address ${address}, which another node has, is not offered again at once.`,
          'it is',
          question,
          offer,
        )
        if (!answer) judge.note('No address is offered at all.', question)
        return
      }
      default: {
        const [kind] = what.split(' ')
        const asking = talk(evidence, `${kind?.toLowerCase()} unknown`)
        const { question } = asking
        const reply = isAnswered(evidence, asking, `A ${what} is answered by a Reply.`)
        const [ia] = dhcpv6OptionsOf(reply, 'ia-na')
        judge.equal(ia && statusOf(ia), status.noBinding, 'The status of that IA is NoBinding', question, reply)
      }
    }
  },
)

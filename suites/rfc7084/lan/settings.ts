import {
  claim,
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  type Judgement,
  on,
  type PrefixFlags,
  pios,
  prefixContains,
  requirement,
  the,
} from 'denat'
import { webUiSwitch } from '../../scenarios/web-ui.ts'
import { type Setting, settingDone, settingMade, settingsOver } from '../../steps/lan-settings.ts'

/** The setting, the RA before all settings, the last RA before this setting, and the one after it. Some pages and page objects do not have it. */
export function setting({ at, every, given, notApplicable }: Evidence, what: Setting, has: 'flags' | 'ula') {
  const over = at(settingsOver)
  if (!over[has]) return notApplicable(claim`The page object does not have this setting.`, over.mark)
  const made = at(settingMade, (one) => one.what === what)
  const before = given(every(settingMade).flatMap((one) => one.before ?? [])[0], 'RFC7084-L-1')
  const after = given(at(settingDone, (one) => one.what === what).answer, 'RFC7084-L-1')
  return { begun: made.mark, before, last: made.before ?? before, after }
}

const hasFlags =
  (what: Setting, flags: Partial<PrefixFlags>): Judgement =>
  (evidence) => {
    const { wan, judge, given, assume } = evidence
    const { begun, before, last, after } = setting(evidence, what, 'flags')
    const grant = given(
      wan.toDut.all(dhcpv6('reply'), { before: after }).findLast((frame) => granted(frame).length > 0),
      'RFC7084-W-4',
    )
    const own = (frame: Frame) =>
      pios(frame).filter(
        ({ prefix, preferredLifetime }) =>
          preferredLifetime > 0 && granted(grant).some((outer) => prefixContains(outer, prefix)),
      )
    const hasBoth = (frame: Frame) => own(frame).some(({ onLink, autonomous }) => onLink && autonomous)
    assume(hasBoth(before), 'RFC7084-L-6')
    // Without a removal there is nothing to restore.
    assume(what !== 'A=1 L=1' || !hasBoth(last), 'RFC7084-L-7')
    const seen = own(after).map(({ prefix, onLink, autonomous }) => `${prefix} A=${+autonomous} L=${+onLink}`)
    const isSet = (pio: PrefixFlags) =>
      (flags.onLink ?? pio.onLink) === pio.onLink && (flags.autonomous ?? pio.autonomous) === pio.autonomous
    judge.holds(
      own(after).some(isSet),
      claim`After the user has set ${the.name(what)}, the next RA advertises the delegated prefix with these flags.`,
      claim`${the.list(
        seen.map((item) => the.name(item)),
        claim`no such prefix`,
      )}`,
      begun,
      after,
    )
  }

export const requirements = [
  requirement('RFC7084-L-7', {
    'A=0': on(webUiSwitch, hasFlags('A=0', { autonomous: false })),
    'L=0': on(webUiSwitch, hasFlags('L=0', { onLink: false })),
    'A=1 L=1': on(webUiSwitch, hasFlags('A=1 L=1', { autonomous: true, onLink: true })),
  }),
]

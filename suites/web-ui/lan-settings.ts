import { dhcpv6, type Evidence, type Frame, granted, isUla, type Mark, pios, prefixContains, requirement } from 'denat'
import { ulaSet } from '../scenarios/lan-settings.ts'
import { webUiSwitch } from '../scenarios/web-ui.ts'

/** The setting, the RA before all settings, the last one before this one, and the one after it. Not every page has it, nor every page object. */
function setting({ did, marks, given, framesOf, notApplicable }: Evidence, what: string, has: 'flags' | 'ula') {
  const over = did('lan-settings-over')
  if (!over.data?.[has]) return notApplicable('The page object has no such setting.', over)
  const ofSetting = ({ data }: Mark) => data?.what === what
  const [begun, done] = [did('lan-setting', ofSetting), did('lan-setting-done', ofSetting)]
  const before = given(marks('lan-setting').flatMap(framesOf)[0], 'RFC7084-L-1')
  const [last = before] = framesOf(begun)
  return { begun, before, last, told: given(framesOf(done)[1], 'RFC7084-L-1') }
}

const flagsSet = {
  'A=0': { autonomous: false },
  'L=0': { onLink: false },
  'A=1 L=1': { autonomous: true, onLink: true },
}

requirement(
  'RFC7084-L-7',
  { cases: Object.fromEntries(Object.keys(flagsSet).map((what) => [what, webUiSwitch])) },
  (evidence) => {
    const { case: what, wan, judge, given, assume } = evidence
    const { begun, before, last, told } = setting(evidence, what, 'flags')
    const grant = given(
      wan.toDut.all(dhcpv6('reply'), { before: told }).findLast((frame) => granted(frame).length > 0),
      'RFC7084-W-4',
    )
    const own = (frame: Frame) =>
      pios(frame).filter(
        ({ prefix, preferredLifetime }) =>
          preferredLifetime > 0 && granted(grant).some((outer) => prefixContains(outer, prefix)),
      )
    const hasBoth = (frame: Frame) => own(frame).some(({ onLink, autonomous }) => onLink && autonomous)
    assume(hasBoth(before), 'RFC7084-L-6')
    // What was never taken away can't be given back.
    assume(what !== 'A=1 L=1' || !hasBoth(last), 'RFC7084-L-7')
    const said = own(told).map(({ prefix, onLink, autonomous }) => `${prefix} A=${+autonomous} L=${+onLink}`)
    judge.holds(
      own(told).some((pio) =>
        Object.entries(flagsSet[what as 'A=1 L=1']).every(([flag, on]) => pio[flag as 'onLink'] === on),
      ),
      `Once the user has set ${what}, the next RA says so of the prefix that was delegated.`,
      said.join(', ') || 'no such prefix',
      begun,
      told,
    )
  },
)

requirement('RFC7084-ULA-3', { cases: { set: webUiSwitch, 'former one': webUiSwitch } }, (evidence) => {
  const { case: what, judge, notApplicable } = evidence
  const { begun, before, told } = setting(evidence, 'ULA', 'ula')
  const live = (frame: Frame) =>
    pios(frame).flatMap(({ prefix, preferredLifetime }) =>
      preferredLifetime > 0 && isUla(prefix.split('/')[0] ?? '') ? [prefix] : [],
    )
  const ours = (prefix: string) => prefixContains(ulaSet, prefix)
  if (what === 'set') {
    judge.holds(
      live(told).some(ours),
      `Once the user has set the ULA prefix ${ulaSet}, the LAN is told a prefix of it.`,
      live(told).join(', ') || 'no ULA prefix',
      begun,
      told,
    )
    return
  }
  const former = live(before)
  if (former.length === 0) return notApplicable('The LAN had no ULA prefix before.', before)
  judge.holds(
    live(told).every((prefix) => !former.includes(prefix)),
    'The ULA prefix that it had is not preferred any more.',
    live(told).join(', '),
    before,
    told,
  )
  const withdrawn = pios(told).some(({ prefix }) => former.includes(prefix))
  judge.note(withdrawn ? 'It is advertised with Preferred Lifetime 0.' : 'It is not mentioned any more.', told)
})

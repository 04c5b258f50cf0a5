import { claim, type Frame, isUla, type Judgement, on, pios, prefixContains, requirement, the } from 'denat'
import { webUiSwitch } from '../../scenarios/web-ui.ts'
import { ulaSet } from '../../steps/lan-settings.ts'
import { setting } from '../lan/settings.ts'

/** Preferred ULA prefixes. */
const ulasIn = (frame: Frame) =>
  pios(frame).flatMap(({ prefix, preferredLifetime }) =>
    preferredLifetime > 0 && isUla(prefix.split('/')[0] as string) ? [prefix] : [],
  )

const advertisesNew: Judgement = (evidence) => {
  const { begun, after } = setting(evidence, 'ULA', 'ula')
  evidence.judge.holds(
    ulasIn(after).some((prefix) => prefixContains(ulaSet, prefix)),
    claim`After the user has set the ULA prefix ${the.name(ulaSet)}, the router advertises a prefix from it on the LAN.`,
    claim`${the.list(
      ulasIn(after).map((item) => the.name(item)),
      claim`no ULA prefix`,
    )}`,
    begun,
    after,
  )
}

const prefersFormerNoMore: Judgement = (evidence) => {
  const { judge, notApplicable } = evidence
  const { before, after } = setting(evidence, 'ULA', 'ula')
  const former = ulasIn(before)
  if (former.length === 0) return notApplicable(claim`The LAN had no ULA prefix before the change.`, before)
  judge.holds(
    ulasIn(after).every((prefix) => !former.includes(prefix)),
    claim`The former ULA prefix is deprecated.`,
    claim`${the.list(ulasIn(after).map((item) => the.name(item)))}`,
    before,
    after,
  )
  const withdrawn = pios(after).some(({ prefix }) => former.includes(prefix))
  judge.note(withdrawn ? claim`It is advertised with Preferred Lifetime 0.` : claim`The RA no longer has it.`, after)
}

export const requirements = [
  requirement('RFC7084-ULA-3', {
    set: on(webUiSwitch, advertisesNew),
    'former one': on(webUiSwitch, prefersFormerNoMore),
  }),
]

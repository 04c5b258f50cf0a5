import {
  claim,
  type Evidence,
  type Frame,
  isUla,
  type LinkView,
  type Mark,
  network,
  pios,
  ra,
  scenarioEnds,
} from 'denat'

export const ofUla = (prefix: string): boolean => isUla(prefix.split('/')[0] as string)

/** The live unique local /64s in an RA. */
export const ulas = (frame: Frame): string[] =>
  [
    ...new Set(pios(frame).flatMap((pio) => (pio.validLifetime > 0 && ofUla(pio.prefix) ? [network(pio.prefix)] : []))),
  ].sort()

export const advertising = (
  link: Pick<LinkView, 'fromDut'>,
  where: { after?: Mark | Frame; before?: Mark | Frame } = {},
) => link.fromDut.all(ra(), where).filter((frame) => ulas(frame).length > 0)

/** The LAN has a ULA prefix only while it has no other, as a substitute: no clause specifies when it has one. */
export const isSubstitute = (link: Pick<LinkView, 'fromDut'>, before: Mark): boolean => {
  const last = link.fromDut.all(ra(), { before }).findLast((frame) => pios(frame).length > 0)
  return last !== undefined && ulas(last).length === 0
}

export const substitute = claim`The router advertises a ULA prefix only while there is no other.`

/** Not applicable to a router that advertises none with its factory settings. */
export function advertised({ lan, notApplicable, at }: Evidence): Frame {
  const [first] = advertising(lan)
  return (
    first ?? notApplicable(claim`With factory settings, the router advertises no ULA prefix.`, at(scenarioEnds).mark)
  )
}

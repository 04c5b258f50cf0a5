import { type Frame, pios, prefixContains } from 'denat'

/** The PIOs of an RA whose prefix is this one, or part of it. */
export const piosIn = (frame: Frame, prefix: string) => pios(frame).filter((pio) => prefixContains(prefix, pio.prefix))

/** The RA advertises a live prefix within this one. */
export const isLive = (frame: Frame, prefix: string): boolean =>
  piosIn(frame, prefix).some((pio) => pio.validLifetime > 0)

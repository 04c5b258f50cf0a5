import { anyOf, type Bench, claim, type Frame, markOf, pios, ra, type WebUi, z } from 'denat'

/** RFC 4193: set by the user, so it need not be random. */
export const ulaSet = 'fd6b:31f4:c09e::/48'

export const settings = ['A=0', 'L=0', 'A=1 L=1', 'ULA'] as const
export type Setting = (typeof settings)[number]
const what = z.enum(settings)
/** A setting is made; with the RA before it. */
export const settingMade = markOf('lan-setting', { data: { what }, frames: ['before'] })
/** The time for it is over, or an RA contains what was set; with the RS and the RA. */
export const settingDone = markOf('lan-setting-done', { data: { what }, frames: ['asked', 'answer'] })
/** Which settings the page object has. */
export const settingsOver = markOf('lan-settings-over', { data: { flags: z.boolean(), ula: z.boolean() } })

type Pios = ReturnType<typeof pios>
const flags = (onLink: boolean, autonomous: boolean) => (all: Pios) =>
  all.some((pio) => pio.preferredLifetime > 0 && pio.onLink === onLink && pio.autonomous === autonomous)

/**
 * Sets what a page may offer for the prefixes of the LAN, and solicits RAs until one contains what was set or the time for
 * that is over. Marks `lan-setting`, with the RA before it, and `lan-setting-done`, with the RS and the RA.
 */
export async function lanSettings(
  { lan, clock, timing, mark, listen }: Bench,
  { setPrefixFlags, setUla }: WebUi,
): Promise<void> {
  const ask = async (): Promise<{ asked: Frame; answer?: Frame | undefined }> => {
    const asked = lan.host.solicitRouter()
    const toIt = { ip6: { dst: anyOf('ff02::1', lan.host.linkLocal) } }
    return { asked, answer: await lan.awaits(ra({}, toIt), { since: asked, by: timing.raChange }) }
  }
  const set = async (what: Setting, act: () => Promise<void>, isApplied: (all: Pios) => boolean) => {
    mark(settingMade, { what }, { before: last.answer })
    await act()
    const until = clock.now() + timing.apply.forced
    for (;;) {
      last = await ask()
      if ((last.answer && isApplied(pios(last.answer))) || clock.now() >= until) break
      await listen(timing.after(1, claim`a setting takes its time`))
    }
    mark(settingDone, { what }, last)
  }
  let last = await ask()
  if (setPrefixFlags)
    for (const [what, onLink, autonomous] of [
      ['A=0', true, false],
      ['L=0', false, true],
      ['A=1 L=1', true, true],
    ] as const)
      await set(what, () => setPrefixFlags({ onLink, autonomous }), flags(onLink, autonomous))
  if (setUla)
    await set(
      'ULA',
      () => setUla(ulaSet),
      (all) => all.some(({ prefix }) => prefix.startsWith('fd6b:31f4:c09e:')),
    )
  mark(settingsOver, { flags: setPrefixFlags !== undefined, ula: setUla !== undefined })
}

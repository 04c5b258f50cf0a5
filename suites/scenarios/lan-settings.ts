import { anyOf, type Bench, type Frame, pios, ra, type WebUi } from 'denat'

/** RFC 4193: set by the user, so it need not be random. */
export const ulaSet = 'fd6b:31f4:c09e::/48'

type Pios = ReturnType<typeof pios>
const flags = (onLink: boolean, autonomous: boolean) => (all: Pios) =>
  all.some((pio) => pio.preferredLifetime > 0 && pio.onLink === onLink && pio.autonomous === autonomous)

/**
 * Sets what a page may offer for the prefixes of the LAN, and asks for an RA until it says what was set or the time for
 * that is over. Marks `lan-setting`, with the RA before it, and `lan-setting-done`, with the RS and the RA.
 */
export async function lanSettings(
  { lan, clock, timing, mark, listen }: Bench,
  { setPrefixFlags, setUla }: WebUi,
): Promise<void> {
  const asked = async (): Promise<(Frame | undefined)[]> => {
    const solicitation = lan.host.solicitRouter()
    const answer = { ip6: { dst: anyOf('ff02::1', lan.host.linkLocal) } }
    return [solicitation, await lan.hears(ra({}, answer), { since: solicitation, by: timing.raChange })]
  }
  const set = async (what: string, act: () => Promise<void>, told: (all: Pios) => boolean) => {
    const [, before] = last
    mark('lan-setting', { what }, [before])
    await act()
    const until = clock.now() + timing.apply.forced
    for (;;) {
      last = await asked()
      if ((last[1] && told(pios(last[1]))) || clock.now() >= until) break
      await listen(timing.after(1, 'a setting takes its time'))
    }
    mark('lan-setting-done', { what }, last)
  }
  let last = await asked()
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
  mark('lan-settings-over', { flags: setPrefixFlags !== undefined, ula: setUla !== undefined })
}

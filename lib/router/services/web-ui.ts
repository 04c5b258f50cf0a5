import type { Clock } from '../../time/clock.ts'
import type { Pinhole, WebUi, WebUiStatus } from '../../web-ui/port.ts'
import type { Behavior } from '../behavior.ts'
import type { Flash } from '../flash.ts'
import type { Session } from '../session.ts'

export interface PageNeeds {
  clock: Clock
  behavior: Behavior
  flash(): Flash
  session(): Session | undefined
  settled(): void
  switchIpv6(on: boolean): void
  /** Its ports lose carrier for a moment. */
  portsFlicker(): void
  /** `down` is called when the router goes down for it. */
  restart(erase: boolean, down: () => void): void
}

const nothing: ReturnType<Session['status']> = {
  online: false,
  wanAddresses: [],
  delegatedPrefixes: [],
  lanPrefixes: [],
  downstream: [],
  dns: [],
}

/** Settings, by the beginning of the call's name. */
const isSetting = (call: string): boolean => /^(set|open|close)/.test(call)

const same = (a: Pinhole, b: Pinhole): boolean => a.host === b.host && a.protocol === b.protocol && a.port === b.port

/** The management page, without a browser in between. */
export function webUi(needs: PageNeeds): { ui: WebUi; booted(): void } {
  const { behavior, flash, session, settled } = needs
  let first: WebUiStatus | undefined

  function live(): WebUiStatus {
    const { ipv6, firewall, pinholes } = flash().settings
    const shown = pinholes.map(({ host, protocol, port }) => ({ host, protocol, port }))
    return { ipv6, firewall, pinholes: shown, ...nothing, ...(ipv6 && session()?.status()) }
  }

  function status(): WebUiStatus {
    const now = behavior.shown(live())
    if (behavior.status === 'live') return now
    first ??= now
    return first
  }

  const restart = (erase: boolean): Promise<void> =>
    new Promise((resolve) =>
      needs.restart(erase, () => {
        resolve()
        settled()
      }),
    )

  const inEffect = (change: () => void): void => {
    const stored = flash()
    if (behavior.appliesAfter === 0) change()
    // A factory reset is not undone by what was set before it.
    else needs.clock.after(behavior.appliesAfter, () => stored === flash() && change())
  }

  const ui: WebUi = {
    async signIn() {},
    status: async () => status(),
    async setIpv6(on) {
      flash().settings.ipv6 = on
      if (behavior.ipv6SwitchWorks) needs.switchIpv6(on)
    },
    async setFirewall(level) {
      if (level === 'off' && behavior.firewallSwitch === 'stays on') return
      if (level === 'on' && behavior.firewallSwitch === 'stays off') return
      inEffect(() => {
        flash().settings.firewall = level
        session()?.rulesChanged()
      })
    },
    async setPrefixFlags(flags) {
      const { settings } = flash()
      settings.prefixFlags = behavior.prefixFlagsTaken(flags, settings.prefixFlags)
      session()?.lanChanged()
    },
    async setUla(prefix) {
      if (behavior.ulaSetting === 'ignored') return
      flash().ula = prefix
      flash().ulaChosen = true
      session()?.lanChanged()
    },
    async openPinhole(pinhole) {
      const { settings } = flash()
      const lan = session()?.lanOf(pinhole.host) ?? 0
      inEffect(() => {
        settings.pinholes = [...settings.pinholes.filter((one) => !same(one, pinhole)), { ...pinhole, lan }]
      })
    },
    async closePinhole(pinhole) {
      if (!behavior.pinholesClose) return
      const { settings } = flash()
      inEffect(() => {
        settings.pinholes = settings.pinholes.filter((one) => !same(one, pinhole))
        session()?.rulesChanged()
      })
    },
    reboot: () => restart(false),
    factoryReset: () => restart(true),
  }
  const answered =
    (name: string, call: (...given: never[]) => Promise<unknown>) =>
    async (...given: never[]): Promise<unknown> => {
      const answer = await call(...given)
      if (behavior.portsFlickerAtSettings && isSetting(name)) needs.portsFlicker()
      if (behavior.pageAnswersAfter > 0)
        await new Promise<void>((resolve) => {
          needs.clock.after(behavior.pageAnswersAfter, () => {
            resolve()
            settled()
          })
        })
      return answer
    }

  return {
    ui: Object.fromEntries(Object.entries(ui).map(([name, call]) => [name, answered(name, call)])) as unknown as WebUi,
    booted() {
      first = undefined
    },
  }
}

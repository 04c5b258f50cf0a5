import { scenario } from 'denat'
import { backOnline } from './back-online.ts'

export const restart = scenario(
  'restart',
  {
    story: 'With a lease in force the router is restarted from its menu, and then by pulling its plug.',
    world: { name: 'restart', delegatedLength: 56 },
    from: 'online',
  },
  async (bench) => {
    const { dut, lan, mark } = bench
    mark('before', { address: lan.host.gua(), ula: lan.host.ula() }, [await lan.host.informationRequest()])
    for (const [kind, restarted] of [
      ['reboot', () => dut.reboot()],
      ['power-cut', () => dut.powerCut().then(dut.powerOn)],
    ] as const) {
      const since = mark('restart', { kind })
      await restarted()
      const reply = await backOnline(bench, since)
      mark('online-again', { kind, address: lan.host.gua(), ula: lan.host.ula() }, [reply])
    }
  },
)

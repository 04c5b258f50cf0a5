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
    const ask = async () => {
      let reply = await lan.host.informationRequest({ within: 2 })
      // After a start the server may come last of all.
      for (let again = 1; !reply && again < 5; again++) reply = await lan.host.informationRequest({ within: 2 })
      return reply
    }
    mark('before', { address: lan.host.gua(), ula: lan.host.ula() }, [await ask()])
    for (const [kind, restarted] of [
      ['reboot', () => dut.reboot()],
      ['power-cut', () => dut.powerCut().then(dut.powerOn)],
    ] as const) {
      const since = mark('restart', { kind })
      await restarted()
      const reply = await backOnline(bench, since)
      mark('online-again', { kind, address: lan.host.gua(), ula: lan.host.ula() }, [reply])
      mark('server-asked', { kind }, [await ask()])
    }
  },
)

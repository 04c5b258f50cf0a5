import { scenario } from 'denat'

export const restart = scenario(
  'restart',
  {
    story: 'With a lease in force the router is restarted from its menu, and then by pulling its plug.',
    world: { name: 'restart', delegatedLength: 56 },
    from: 'online',
  },
  async ({ dut, isp, lan, internet, timing, mark }) => {
    mark('before', { address: lan.host.gua(), ula: lan.host.ula() }, [await lan.host.informationRequest()])
    for (const [kind, restarted] of [
      ['reboot', () => dut.reboot()],
      ['power-cut', () => dut.powerCut().then(dut.powerOn)],
    ] as const) {
      const since = mark('restart', { kind })
      await restarted()
      const asked = await isp.receives({ dhcp6: {} }, { since, by: timing.boot, or: 'RFC7084-WAA-3' })
      mark('restarted', { kind }, [asked])
      const online = await lan.host.online({ since, by: timing.boot, or: 'DENAT-DEFAULT-1' })
      mark('online-again', { kind, address: lan.host.gua(), ula: lan.host.ula() }, [
        online,
        await lan.host.ping(internet.address),
      ])
    }
  },
)

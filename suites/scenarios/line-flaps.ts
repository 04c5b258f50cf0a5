import { anyOf, scenario } from 'denat'

export const lineFlaps = scenario(
  'line-flaps',
  {
    story: 'The line is cut five times, for 10 s each.',
    world: { name: 'line-flaps', delegatedLength: 58 },
    from: 'online',
    takes: 70,
    profile: 'full',
  },
  async ({ isp, line, lan, internet, timing, mark, listen }) => {
    const asking = anyOf('solicit', 'request', 'renew', 'rebind', 'confirm')
    for (let cut = 1; cut <= 5; cut++) {
      const down = line.down()
      await listen(timing.after(10, 'a line that is cut'), down)
      const up = line.up()
      await isp.hears({ dhcp6: { type: asking } }, { since: up, by: timing.service })
      mark('line-back', { cut }, [await lan.host.reaches(internet.address, { since: up, by: timing.service })])
    }
  },
)

import { anyOf, dhcpv6, scenario } from 'denat'

/** T1 and T2 are left to the client. Seconds. */
const lease = { t1: 0, t2: 0, preferredLifetime: 16, validLifetime: 40 }
const longLease = { t1: 1800, t2: 2880, preferredLifetime: 3600, validLifetime: 7200 }
/** CNF_MAX_RD, RFC 8415 section 7.6. Seconds. */
const longestConfirm = 10

export const linkFlap = scenario(
  'link-flap',
  {
    story:
      'The server has preference 255. The first lease (valid 40 s) leaves T1 and T2 to the router; it is renewed. Then the line is cut for 2 s, and the DHCPv6 server says nothing for 11 s when it is back.',
    world: { name: 'link-flap', delegatedLength: 56, isp: { dhcpv6: lease } },
    from: 'factory',
  },
  async ({ dut, isp, line, lan, internet, timing, mark, listen }) => {
    isp.answerWith('Advertises with preference 255', (asked, usual) =>
      asked.type === 'solicit' && usual
        ? { ...usual, options: [...usual.options, { type: 'preference', value: 255 }] }
        : usual,
    )
    const power = await dut.powerOn()
    await lan.host.online({ since: power, by: timing.boot, or: 'DENAT-DEFAULT-1' })
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark('granted', { validLifetime: lease.validLifetime }, [grant])
    isp.change({ dhcpv6: longLease })
    const renew = await isp.hears(dhcpv6Extending, {
      since: grant,
      by: timing.after(lease.validLifetime, 'the valid lifetime'),
    })
    mark('renewed', {}, [renew])
    await listen(timing.after(1, 'the new lease is taken'))
    mark('before-flap', {}, [await lan.host.ping(internet.address)])

    isp.change({ dhcpv6: { answers: false } })
    await listen(timing.after(2, 'the cable is out'), line.down())
    const up = line.up()
    const first = await isp.hears({ dhcp6: {} }, { since: up, by: timing.service })
    mark('line-back', { since: up.at }, [first])
    await listen(timing.after(longestConfirm + 1, 'CNF_MAX_RD 10 s, and 1 s'), first)
    mark('unanswered', {}, [await lan.host.ping(internet.address)])
    isp.change({ dhcpv6: { answers: true } })
  },
)

const dhcpv6Extending = { dhcp6: { type: anyOf('renew', 'rebind') } } as const

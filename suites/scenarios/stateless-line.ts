import { dhcpv6, type Frame, scenario } from 'denat'

/** Information-requests without answer: gaps of 1 + 2 + 4 + 8 + 16 s lie between them and the one that gets it. */
const unanswered = 5
/** Information Refresh Times of the Replies: less than the least, and more. Seconds. */
const refreshTimes = [60, 660]
/** IRT_MINIMUM, RFC 8415 section 7.6. Seconds. */
const least = 600

export const statelessLine = scenario(
  'stateless-line',
  {
    story:
      'The RA says M=0 O=1, and the DHCPv6 server has no leases to give. Five Information-requests get no answer; those that come later are told of Information Refresh Times of 60 and 660 s.',
    world: {
      name: 'stateless-line',
      delegatedLength: 'none',
      isp: { ra: { managed: false, other: true, autonomous: true }, dhcpv6: { iaNa: false } },
    },
    from: 'factory',
    takes: 1300,
    profile: 'full',
  },
  async ({ dut, isp, timing, mark }) => {
    let asked = 0
    isp.answerWith('Information Refresh Time, after some silence', ({ type }, usual) => {
      if (!usual || type !== 'information-request') return usual
      const value = refreshTimes[asked++ - unanswered]
      if (asked <= unanswered) return undefined
      const refresh = { type: 'information-refresh-time', value: value ?? 86_400 } as const
      return { ...usual, options: [...usual.options, refresh] }
    })
    const power = await dut.powerOn()
    const { boot } = timing
    const hears = (since: Frame, seconds: number, why: string) =>
      isp.hears(dhcpv6('information-request'), { since, by: timing.after(seconds, why) })
    const first = await isp.hears(dhcpv6('information-request'), {
      since: power,
      by: { ...boot, slack: boot.slack + 30, why: `${boot.why}, and 30 s` },
    })
    let last = first
    for (let n = 1; n <= unanswered && last; n++)
      last = await hears(last, 1.1 * 2.1 ** (n - 1), 'twice the timeout before, and 10 % (RFC 8415 section 15)')
    mark('information-asked', {}, first ? [first, last] : [])
    for (const told of refreshTimes) {
      if (!last) return
      const reply = isp.latest(dhcpv6('reply'), { or: 'RFC8415-18.2.6-INFORMATION' })
      const due = Math.max(least, told)
      last = await hears(reply, due, 'the Information Refresh Time (RFC 8415 section 21.23)')
      mark('refreshed', { told, due }, [reply, last])
    }
  },
)

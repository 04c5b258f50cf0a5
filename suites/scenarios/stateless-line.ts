import { type Claim, claim, dhcpv6, type Frame, flawed, markOf, scenario, z } from 'denat'

/** The first Information-request, and the one that got the answer. */
export const informationAsked = markOf('information-asked', { frames: ['first', 'answered'] })
/** The Reply with the refresh time, and the first Information-request after that. */
export const refreshed = markOf('refreshed', {
  data: { told: z.number(), due: z.number() },
  frames: ['reply', 'again'],
})
/** The last two transmissions of a refresh that got no answer. */
export const capped = markOf('capped', { data: { infMaxRt: z.number() }, frames: ['previous', 'last'] })

/** Information-requests without answer: gaps of 1 + 2 + 4 + 8 + 16 s lie between them and the one that gets it. */
const unanswered = 5
/** Information Refresh Times of the Replies, less than the least, and more; INF_MAX_RT likewise (section 21.25). Seconds. */
const replies = [
  { refresh: 60, infMaxRt: 59 },
  { refresh: 660, infMaxRt: 60 },
]
/** What comes after such a Reply shows a cap of a minute by the gaps after 1 + 2 + ... + 32 s: 60 and 60, or 64 and 128 s. */
const capShown = 9
/** IRT_MINIMUM, RFC 8415 section 7.6. Seconds. */
const least = 600

export const statelessLine = scenario(
  'stateless-line',
  {
    story:
      'The RA has M=0 O=1, and the DHCPv6 server has no leases. Five Information-requests get no answer; two later Replies contain Information Refresh Times of 60 and 660 s, and INF_MAX_RT 59 and 60 s: the refresh after each gets no answer until the ninth transmission.',
    world: {
      name: 'stateless-line',
      delegatedLength: 'none',
      isp: { ra: { managed: false, other: true, autonomous: true }, dhcpv6: { iaNa: false } },
      // Its subject begins with an RA that every router understands.
      variety: { isp: { 'rare RA options': 'none' } },
    },
    from: 'cold boot',
    takes: 1740,
    profile: 'full',
  },
  async ({ dut, isp, timing, mark }) => {
    let current = replies[0]
    let silent = true
    isp.answerWith(
      'Information Refresh Time and INF_MAX_RT, after some silence',
      ({ type }, usual) => {
        if (!usual || type !== 'information-request') return usual
        if (silent || !current) return undefined
        const { refresh, infMaxRt } = current
        return {
          ...usual,
          options: [
            ...usual.options.filter((one) => one.type !== 'inf-max-rt'),
            { type: 'information-refresh-time', value: refresh },
            { type: 'inf-max-rt', value: infMaxRt },
          ],
        }
      },
      () => flawed(`INF_MAX_RT ${current?.infMaxRt}, Information Refresh Time ${current?.refresh} s`),
    )
    const power = await dut.powerOn()
    const { boot } = timing
    const awaits = (since: Frame, seconds: number, why: Claim) =>
      isp.awaits(dhcpv6('information-request'), { since, by: timing.after(seconds, why) })
    const first = await isp.awaits(dhcpv6('information-request'), {
      since: power,
      by: { ...boot, slack: boot.slack + 30, why: claim`${boot.why}, and 30 s` },
    })
    let last = first
    let previous = last
    /** Only the last of this number of transmissions is answered. */
    const until = async (count: number, slack: number) => {
      silent = true
      for (let n = 1; n < count && last; n++) {
        previous = last
        if (n === count - 1) silent = false
        last = await isp.awaits(dhcpv6('information-request'), {
          since: last,
          by: {
            forced: 1.1 * 2.1 ** (n - 1),
            slack,
            why: claim`twice the timeout before, and 10 % (RFC 8415 section 15)`,
          },
        })
      }
    }
    await until(unanswered + 1, 1)
    mark(informationAsked, {}, { first, answered: last })
    for (const [i, { refresh, infMaxRt }] of replies.entries()) {
      if (!last) return
      const reply = isp.latest(dhcpv6('reply'), { or: 'RFC8415-18.2.6-INFORMATION' })
      const due = Math.max(least, refresh)
      // The refresh uses these values until its ninth transmission.
      silent = true
      current = replies[i + 1]
      last = await awaits(reply, due, claim`the Information Refresh Time (RFC 8415 section 21.23)`)
      mark(refreshed, { told: refresh, due }, { reply, again: last })
      await until(capShown, 5)
      mark(capped, { infMaxRt }, last ? { previous, last } : {})
    }
  },
)

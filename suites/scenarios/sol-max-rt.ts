import { claim, dhcpv6, type Frame, flawed, type Mark, markOf, scenario, z } from 'denat'

/** The Reply that holds this value. */
export const granted = markOf('sol-max-rt', { data: { value: z.number() }, frames: ['reply'] })
/** The last two Solicits of the silence after it. */
export const silenceOver = markOf('sol-max-rt-over', { data: { value: z.number() }, frames: ['previous', 'last'] })

/** A lease that ends soon. Seconds. */
const lease = { t1: 4, t2: 8, preferredLifetime: 12, validLifetime: 16 }
/** Values that are to be ignored come first: the client keeps what it took. */
const values = [59, 86_401, 60]
/** This number of Solicits without an answer shows a cap of 60 s, or that there is none: gaps of 1 + 2 + ... + 32 + 60 (or 64) + 60 (or 128) s. */
const solicits = 9

export const solMaxRt = scenario(
  'sol-max-rt',
  {
    story:
      'Three times the server assigns a lease of 16 s with a SOL_MAX_RT of 59, 86401 and 60 s, and does not answer until the router has sent nine Solicits.',
    world: { name: 'sol-max-rt', delegatedLength: 56, isp: { dhcpv6: lease } },
    from: 'cold boot',
    takes: 790,
    profile: 'full',
  },
  async ({ dut, isp, timing, mark, listen }) => {
    let value = 0
    let silent = false
    isp.answerWith(
      'a lease with SOL_MAX_RT, and silence',
      (_, usual) => {
        if (silent || !usual) return undefined
        const options = usual.options.filter(({ type }) => type !== 'sol-max-rt')
        return { ...usual, options: [...options, { type: 'sol-max-rt', value }] }
      },
      () => (value === 60 ? `SOL_MAX_RT ${value}` : flawed(`SOL_MAX_RT ${value}`)),
    )
    let since: Frame | Mark = await dut.powerOn()
    for (const [i, now] of values.entries()) {
      value = now
      silent = false
      const request: Frame | undefined = await isp.awaits(dhcpv6('request', { iaPd: {} }), {
        since,
        by: i === 0 ? { ...timing.boot, slack: timing.boot.slack + 30 } : timing.service,
      })
      if (request) {
        const reply = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
        mark(granted, { value }, { reply })
      }
      // An address may be asked for by an exchange of its own.
      await listen(timing.after(2, claim`the rest of what it asks for`), request ?? since)
      silent = true
      let last = request
      let previous = last
      for (let n = 0; n < solicits && last; n++) {
        previous = last
        // The last one is answered: what comes after it would take four minutes.
        if (n === solicits - 1) {
          silent = false
          value = values[i + 1] ?? value
        }
        last = await isp.awaits(dhcpv6('solicit', { iaPd: {} }), {
          since: last,
          by:
            n === 0
              ? timing.after(lease.validLifetime + 10, claim`the valid lifetime, and 10 s`)
              : { forced: 2 ** (n - 1), slack: 10 + 2 ** (n - 1), why: claim`twice the timeout before` },
        })
      }
      mark(silenceOver, { value: now }, last ? { previous, last } : {})
      since = last ?? previous ?? since
    }
  },
)

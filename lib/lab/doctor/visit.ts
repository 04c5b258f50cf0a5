import { z } from 'zod'
import { type Claim, claim } from '../../say/claim.ts'
import type { Bench } from '../../suite/bench.ts'
import { markOf } from '../../suite/mark.ts'
import { type Scenario, scenario } from '../../suite/scenario.ts'

/** The router is given power, after a time in which no frame may come. */
export const silence = markOf('doctor-silence')
export const isOnline = markOf('doctor-online', { data: { seconds: z.number() } })
export const isSignedIn = markOf('doctor-page', { data: { online: z.boolean() } })

/** Seconds of silence that are listened to. */
const listens = 4

/** A visit of the router: silent while it is off, then until it is online; and its page, where it can be operated. */
export const visit = (withPage: boolean): Scenario =>
  scenario(
    'doctor',
    {
      story: 'The router is reset, is given power, and a host goes online.',
      world: { name: 'doctor', delegatedLength: 56 },
      from: 'factory',
      ...(withPage && { webUi: 'ipv4' as const }),
    },
    async (bench: Bench) => {
      const { dut, lan, timing, mark, listen } = bench
      mark(silence, {})
      await listen({ forced: listens, slack: 0, why: claim`a router that is off sends nothing` })
      const power = await dut.powerOn()
      const by = { ...timing.boot, slack: timing.boot.slack + 60, why: online }
      const ready = await lan.host.online({ since: power, by, or: 'DENAT-DEFAULT-1' })
      mark(isOnline, { seconds: ready.at - power.at })
      if (!bench.webUi) return
      await bench.webUi.signIn()
      const status = await bench.webUi.status()
      mark(isSignedIn, { online: status.online })
    },
  )

const online: Claim = claim`the boot, and a minute`

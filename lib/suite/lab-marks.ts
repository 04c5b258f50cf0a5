import { z } from 'zod'
import { markOf } from './mark.ts'

/** What the lab marks by itself, in every scenario. */

export const poweredOn = markOf('power-on')
/** The line comes up as another subscriber's, on a router that runs: the scenario begins. */
export const subscribed = markOf('subscribed')
export const powerCut = markOf('power-cut')
export const rebooted = markOf('reboot')
export const factoryReset = markOf('factory-reset')
/** After a factory reset it was brought to where it can be used, by a command of its device folder. */
export const commissioned = markOf('commissioned', { data: { seconds: z.number() } })
/** The router's page is asked for something, by the name of a method of `WebUi`; and it has answered. */
export const pageAsked = markOf('web-ui', { data: { call: z.string() } })
export const pageAnswered = markOf('web-ui-done', { data: { call: z.string() } })
/** Nothing more is recorded. */
export const scenarioEnds = markOf('end')
export const lineDown = markOf('line-down')
export const lineUp = markOf('line-up')
/** A port of the bench has carrier, or has lost it. */
export const carrier = markOf('carrier', { data: { port: z.string(), up: z.boolean() } })
/** What the line is served with from then on. */
export const ispChanged = markOf('isp-change', {
  data: { dhcpv6: z.object({ prefixes: z.array(z.string()).optional() }).optional() },
})
/** The ISP answers in another way from then on. */
export const ispAnswers = markOf('isp-answers', { data: { why: z.string() } })
/** The router's console shows that its kernel has stopped. */
export const kernelPanic = markOf('kernel-panic', { data: { text: z.string() } })

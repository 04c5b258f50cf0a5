import { z } from 'zod'

/** IEEE 802.1Q table 9-2: 0 and 4095 are no VLANs. */
export const vlanId = z.int().min(1).max(4094)

/** How the DUT's line carries IP: in plain Ethernet frames, behind one tag or two, the outer one first, or in a PPPoE session. */
export const line = z
  .strictObject({
    vlan: z
      .union([vlanId, z.tuple([vlanId, vlanId])], {
        error: 'expected a VLAN such as 35, or the outer and the inner one such as [100, 35]',
      })
      .optional(),
    /** IPv6 is in a session. */
    pppoe: z.literal(true, 'expected true').optional(),
    /** Of all tags: 0 is best effort. */
    priority: z.int().min(0).max(7).optional(),
    /** Of the outer tag. */
    tpid: z
      .union([z.literal(0x8100), z.literal(0x88a8)], { error: 'expected 0x8100 (802.1Q) or 0x88a8 (802.1ad)' })
      .optional(),
  })
  .superRefine(({ vlan, priority, tpid }, context) => {
    for (const [key, value] of Object.entries({ priority, tpid }))
      if (vlan === undefined && value !== undefined)
        context.addIssue({ code: 'custom', path: [key], message: 'is of a tag, and the line has none: add vlan' })
  })
  .default({})

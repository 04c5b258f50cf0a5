import { addressIn, dhcpv6, iaAddresses, ra, scenario } from 'denat'

/** The lease: short, so that all of its life is seen. Seconds. */
const lease = { t1: 4, t2: 8, preferredLifetime: 12, validLifetime: 24 }
/** RFC 8415 section 21.13. */
const unspecFail = { type: 'status-code', status: 1, message: '' } as const

export const expiry = scenario(
  'expiry',
  {
    story:
      'The DHCPv6 server grants a short lease (T1 4 s, T2 8 s, valid 24 s) and is silent until it has ended. Then it offers another one, and refuses each Request with UnspecFail.',
    world: { name: 'expiry', delegatedLength: 56, isp: { ra: { managed: true }, dhcpv6: lease } },
    from: 'factory',
  },
  async ({ dut, isp, lan, timing, mark, listen, clock }) => {
    let silent = false
    let end = Number.POSITIVE_INFINITY
    isp.answerWith('a lease that nobody extends, then refusals', (asked, usual) => {
      silent ||= asked.type === 'renew' || asked.type === 'rebind'
      // A client whose clock is a little fast is answered as well.
      if (clock.now() < end - 1) return silent ? undefined : usual
      if (asked.type !== 'request' || !usual) return asked.type === 'solicit' ? usual : undefined
      const identities = usual.options.filter(({ type }) => type === 'server-id' || type === 'client-id')
      return { ...usual, options: [...identities, unspecFail] }
    })
    const power = await dut.powerOn()
    const { boot } = timing
    const request = await isp.receives(dhcpv6('request', { iaPd: {} }), {
      since: power,
      by: { ...boot, slack: boot.slack + 30, why: `${boot.why}, and 30 s` },
      or: 'RFC7084-W-4',
    })
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    end = grant.at + lease.validLifetime
    mark('granted', { validLifetime: lease.validLifetime }, [grant])
    const address = iaAddresses(grant)[0]?.address ?? addressIn(isp.parameters.wanPrefix, 0xffff)
    const ask = async (when: string) => {
      const asked = await isp.solicitNeighbour(address)
      mark('asked', { when, address }, [asked.question, asked.answer])
      const solicited = lan.host.solicitRouter()
      mark('advertised', { when }, [solicited, await lan.hears(ra(), { since: solicited, by: timing.raChange })])
    }
    await listen(timing.after(lease.preferredLifetime - 4, 'some of the lease'), request)
    await ask('leased')

    await listen(timing.after(lease.validLifetime - 1, 'the valid lifetime, but for a second'), grant)
    const solicit = await isp.hears(dhcpv6('solicit', { iaPd: {} }), {
      since: mark('lease-ends', {}, []),
      by: timing.after(1 + 10, 'what is left of the lease, and 10 s'),
    })
    mark('lease-over', {}, [solicit])
    const refused =
      solicit && (await isp.hears(dhcpv6('request', { iaPd: {} }), { since: solicit, by: timing.answer(3) }))
    mark('refused', {}, [refused])
    await listen(timing.after(2, 'a Request and its refusal'), refused)
    await ask('over')
    const customer = isp.customer()
    if (customer) {
      const fence = await isp.solicitNeighbour(customer.linkLocal)
      mark('expiry-fence', {}, [fence.question, fence.answer])
    }
  },
)

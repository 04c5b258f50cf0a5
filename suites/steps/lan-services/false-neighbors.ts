import {
  addressIn,
  type Bench,
  claim,
  type Frame,
  flawed,
  icmpv6,
  inPrefix,
  markOf,
  type NdOption,
  network,
  solicitedNode,
  z,
} from 'denat'

type Packet = Parameters<Bench['lan']['host']['send']>[0]

const allNodes = 'ff02::1'
/** No node has it: packets that are sent to it reach no node. */
export const falseMac = '02:be:00:00:00:98'
const endless: NdOption = { type: 'malformed', data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) }

interface Flaw {
  hopLimit?: number
  /** In place of what a valid message has. */
  icmp6?: { checksum?: number; code?: number; solicited?: boolean; options?: NdOption[] }
}

const common: Record<string, Flaw> = {
  'hop limit 254': { hopLimit: 254 },
  'bad checksum': { icmp6: { checksum: 0x0bad } },
  'code 1': { icmp6: { code: 1 } },
}
/** What RFC 4861 section 7.1.1 has a node discard a Neighbor Solicitation for. */
export const solicitationFlaws: Record<string, Flaw> = {
  ...common,
  'option of length 0': { icmp6: { options: [endless] } },
}
/** What RFC 4861 section 7.1.2 has a node discard a Neighbor Advertisement for. */
export const advertisementFlaws: Record<string, Flaw> = {
  ...common,
  'solicited, to a group': { icmp6: { solicited: true } },
}

export const falseQuestion = markOf('false-neighbor-question', { data: { name: z.string() }, frames: ['question'] })
/** The answers to valid ones, before and after. */
export const questionFence = markOf('neighbor-question-fence', { frames: ['before', 'after'] })
export const falseClaim = markOf('false-neighbor-claim', {
  data: { name: z.string(), address: z.string() },
  frames: ['before', 'claim', 'answer'],
})
/** A valid one that overrides: the address is at another MAC now. */
export const validClaim = markOf('neighbor-claim', { data: { address: z.string() }, frames: ['before', 'claim'] })
export const duplicateQuestion = markOf('duplicate-question', {
  data: { of: z.enum(['link-local', 'global']) },
  frames: ['question', 'answer'],
})

/** Neighbor Discovery as no neighbor sends it, RFC 4861 section 7.1; and Duplicate Address Detection of the router's addresses. */
export async function falseNeighbors(bench: Bench): Promise<void> {
  await Promise.all([falseQuestions(bench), falseClaims(bench)])
  await duplicateQuestions(bench)
}

async function falseQuestions({ lan, timing, mark, listen }: Bench): Promise<void> {
  const { host } = lan
  const target = lan.gateway()?.linkLocal
  if (!target) return
  const { answer: before } = await host.solicitNeighbor(target)
  let last: Frame | undefined
  for (const [index, [name, { hopLimit = 255, icmp6 }]] of Object.entries(solicitationFlaws).entries()) {
    const options: NdOption[] = [{ type: 'source-link-layer', mac: host.mac }]
    last = await host.send(
      {
        ip6: { src: `fe80::bad:${index + 1}`, dst: solicitedNode(target), hopLimit },
        icmp6: { type: 'neighbor-solicitation', target, options, ...icmp6 },
      },
      flawed(`Neighbor Solicitation: ${name}`),
    )
    mark(falseQuestion, { name }, { question: last })
  }
  await listen(timing.after(1.5, claim`answers that must not come`), last)
  const { answer: after } = await host.solicitNeighbor(target)
  mark(questionFence, {}, { before, after })
}

async function falseClaims({ lan, internet, timing, mark, listen }: Bench): Promise<void> {
  const { host } = lan
  const inside = host.gua()
  if (!inside) return
  /** An address of the host is in use, then it is claimed for another MAC, then it is used again. */
  const claimed = async (number: number, { hopLimit = 255, icmp6 }: Flaw, why: Parameters<typeof host.send>[1]) => {
    const address = addressIn(network(`${inside}/64`), `::bad:${number}`)
    host.adopt(address)
    const before = await host.ping(internet.address, { from: address })
    const message: Packet['icmp6'] = {
      ...{ type: 'neighbor-advertisement', router: false, solicited: false, override: true, target: address },
      options: [{ type: 'target-link-layer', mac: falseMac }],
      ...icmp6,
    }
    const expected = await host.send({ ip6: { src: address, dst: allNodes, hopLimit }, icmp6: message }, why)
    await listen(timing.after(1, claim`what is believed shows`), expected)
    const answer = await host.ping(internet.address, { from: address })
    return { address, before, claim: expected, answer }
  }
  const flaws = Object.entries(advertisementFlaws)
  await Promise.all([
    ...flaws.map(async ([name, flaw], index) => {
      const { address, ...frames } = await claimed(index + 1, flaw, flawed(`Neighbor Advertisement: ${name}`))
      mark(falseClaim, { name, address }, frames)
    }),
    claimed(flaws.length + 1, {}, 'the address is at another MAC now').then(({ address, before, claim: expected }) =>
      mark(validClaim, { address }, { before, claim: expected }),
    ),
  ])
}

/** Another node is about to take an address of the router: RFC 4862 section 5.4.3. */
async function duplicateQuestions({ lan, timing, mark }: Bench): Promise<void> {
  const gateway = lan.gateway()
  const inside = lan.host.gua()
  if (!gateway) return
  const global = gateway.addresses.find((one) => inside !== undefined && inPrefix(one, network(`${inside}/64`)))
  for (const [of, target] of Object.entries({ 'link-local': gateway.linkLocal, global })) {
    if (!target) continue
    const question = lan.send(
      {
        ip6: { src: '::', dst: solicitedNode(target), hopLimit: 255 },
        icmp6: { type: 'neighbor-solicitation', target, options: [] },
      },
      { why: `Duplicate Address Detection of an address that the router has: ${of}` },
    )
    const answer = await lan.awaits(icmpv6('neighbor-advertisement', { target }), {
      since: question,
      by: timing.answer(2),
    })
    mark(duplicateQuestion, { of: of as 'global' }, { question, answer })
  }
}

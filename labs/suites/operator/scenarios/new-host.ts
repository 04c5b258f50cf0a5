import { markOf, ra, scenario } from 'denat'

export const solicited = markOf('operator-solicited', { frames: ['solicitation', 'answer'] })

export const newHost = scenario(
  'operator-new-host',
  {
    story: 'A host comes to the LAN of a router that is online, and sends a Router Solicitation.',
    world: { name: 'operator' },
    from: 'online',
  },
  async ({ lan, mark, timing }) => {
    const solicitation = lan.host.solicitRouter()
    const answer = await lan.awaits(ra(), { since: solicitation, by: timing.raChange })
    mark(solicited, {}, { solicitation, answer })
  },
)

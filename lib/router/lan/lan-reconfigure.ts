import type { Timer } from '../../time/clock.ts'
import type { Ipv6Address } from '../../wire/address.ts'
import { type Dhcpv6, option } from '../../wire/dhcpv6.ts'
import { authenticated, reconfigureKey } from '../../wire/dhcpv6-auth.ts'
import type { Duid } from '../../wire/dhcpv6-duid.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import type { Context } from '../context.ts'
import type { Binding } from '../flash.ts'

type Message = Exclude<Dhcpv6, { hopCount: number }>

/** REC_MAX_RC, RFC 8415 section 7.6. */
const mostAttempts = 8
const keyLength = 16

/** Where a client is. */
interface Place {
  client: Ipv6Address
  lan: number
}

interface Client extends Place {
  key?: Uint8Array
  accepts: boolean
  /** It received a Reconfigure, and has not answered yet. */
  asked?: boolean
  timer?: Timer
}

/** The server's side of Reconfigure, on all LANs: RFC 8415 sections 18.3.11 and 20.4. */
export interface LanReconfigure {
  /** The Reconfigure options of an answer. */
  offered(question: Message, answer: 'advertise' | 'reply', from: Place): Dhcpv6Option[]
  /** Clients of these bindings ask again. */
  demand(stale: Binding[]): void
}

export interface LanReconfigureNeeds {
  duid: Duid
  send(lan: number, to: Ipv6Address, message: Message): void
}

export function lanReconfigure({ clock, random, behavior }: Context, needs: LanReconfigureNeeds): LanReconfigure {
  const clients = new Map<Duid, Client>()
  const drawn = random.fork('reconfigure keys')
  let counter = behavior.lanReplayCounterFrom

  /** RFC 8415 section 20.4.2: random, and as long as the client is there. */
  function keyOf(client: Client): Uint8Array {
    const isShared = behavior.lanReconfigureKey === 'the same for all'
    client.key ??= isShared ? new Uint8Array(keyLength).fill(7) : drawn.bytes(keyLength)
    return client.key
  }

  /** RFC 8415 section 18.3.11: what it asks for is asked. */
  function onMessage({ type }: Message, client: Client | undefined): void {
    if (!client || !(type === 'renew' || type === 'rebind' || type === 'information-request')) return
    client.timer?.cancel()
    client.asked = false
  }

  function offered(question: Message, answer: 'advertise' | 'reply', from: Place): Dhcpv6Option[] {
    const duid = option(question, 'client-id')?.duid
    if (duid === undefined) return []
    const known = clients.get(duid)
    onMessage(question, known)
    const accepts = option(question, 'reconf-accept') !== undefined
    if (question.type === 'request') clients.set(duid, { ...known, ...from, accepts })
    const client = clients.get(duid)
    if (!accepts || !behavior.lanReconfigureOffered) return []
    return [{ type: 'reconf-accept' }, ...(answer === 'reply' && client ? keyOption(client) : [])]
  }

  function keyOption(client: Client): Dhcpv6Option[] {
    if (behavior.lanReconfigureKey === 'none') return []
    const key = keyOf(client)
    const length = behavior.lanReconfigureKey === 'too short' ? keyLength / 2 : keyLength
    return [reconfigureKey(key.subarray(0, length), counter++)]
  }

  function messageFor(duid: Duid, client: Client): Message {
    const messageType = behavior.lanReconfigureDemands
    const bare: Message = {
      type: 'reconfigure',
      transactionId: behavior.lanReconfigureTransactionId,
      options: [
        { type: 'server-id' as const, duid: needs.duid },
        { type: 'client-id' as const, duid },
        ...(messageType === undefined ? [] : [{ type: 'reconf-msg', messageType } as const]),
      ].filter(({ type }) => type !== behavior.lanReconfigureLacks),
    }
    if (behavior.lanReconfigureProof === 'none') return bare
    const replay = behavior.lanReplayCounter === 'grows' ? counter++ : 0
    const isItsKey = behavior.lanReconfigureProof === 'its key'
    return authenticated(bare, isItsKey ? keyOf(client) : drawn.bytes(keyLength), replay)
  }

  function send(duid: Duid, client: Client, timeout = behavior.lanReconfigureTimeout, attempt = 1): void {
    client.timer?.cancel()
    client.asked = attempt < mostAttempts && behavior.lanReconfigureRepeated
    const to = behavior.lanReconfigureSent === 'by unicast' ? client.client : 'ff02::1'
    needs.send(client.lan, to, messageFor(duid, client))
    if (attempt === mostAttempts || !behavior.lanReconfigureRepeated) return
    client.timer = clock.after(timeout, () => send(duid, client, 2 * timeout, attempt + 1))
  }

  return {
    offered,
    demand(stale) {
      const reconfigured = new Set<Client>()
      for (const { duid, kind } of stale) {
        const client = clients.get(duid)
        if (
          !client ||
          !behavior.lanReconfigureOffered ||
          reconfigured.has(client) ||
          !(client.accepts || behavior.reconfigures === 'everybody')
        )
          continue
        if (!behavior.staleReconfigured(kind) || client.asked) continue
        reconfigured.add(client)
        client.asked = true
        if (behavior.lanReconfigureAfter === 0) send(duid, client)
        else client.timer = clock.after(behavior.lanReconfigureAfter, () => send(duid, client))
      }
    },
  }
}

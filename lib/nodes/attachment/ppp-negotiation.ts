import type { Timer } from '../../time/clock.ts'
import type { Ipv6cp, Lcp } from '../../wire/ppp.ts'
import type { NegotiationLayer, PppOption } from '../../wire/ppp-options.ts'
import type { NodeContext } from '../context.ts'

/** Restart timer and Max-Configure, RFC 1661 section 4.6. */
const RESTART_TIMER = 3
const MAX_CONFIGURE = 10

export interface NegotiationOptions<L extends NegotiationLayer> {
  /** What this side asks for. */
  own: PppOption<L>[]
  send(message: { type: string; id: number; options?: PppOption<L>[]; data?: Uint8Array }): void
  /** Of what the peer asks for: what is refused, or accepted with another value. */
  refused(option: PppOption<L>): { by: 'nak'; instead: PppOption<L> } | { by: 'reject' } | undefined
  /** Both directions are acknowledged: RFC 1661 section 4.2, state Opened. */
  opened(): void
  /** It was open, and is no more. */
  closed(): void
}

/** The automaton of RFC 1661 section 4, for an end that is always ready to begin again. */
export interface Negotiation<L extends NegotiationLayer> {
  start(): void
  receive(message: L extends 'lcp' ? Lcp : Ipv6cp): void
  isOpen(): boolean
  stop(): void
}

export function negotiation<L extends 'lcp' | 'ipv6cp'>(
  ctx: NodeContext,
  options: NegotiationOptions<L>,
): Negotiation<L> {
  const { send } = options
  let own = options.own
  let id = 0
  let isAccepted = false
  let hasAccepted = false
  let timer: Timer | undefined

  const isOpen = () => isAccepted && hasAccepted
  const ask = (left = MAX_CONFIGURE): void => {
    timer?.cancel()
    if (left === 0) return
    send({ type: 'configure-request', id, options: own })
    timer = ctx.clock.after(RESTART_TIMER, () => ask(left - 1))
  }
  const begin = (): void => {
    id = (id + 1) & 0xff
    isAccepted = false
    ask()
  }
  const changed = (before: boolean): void => {
    if (isOpen() && !before) options.opened()
    else if (!isOpen() && before) options.closed()
  }
  const answer = (request: number, asked: PppOption<L>[]): void => {
    const judged = asked.map((option) => ({ option, refusal: options.refused(option) }))
    const rejected = judged.filter(({ refusal }) => refusal?.by === 'reject').map(({ option }) => option)
    const others = judged.flatMap(({ refusal }) => (refusal?.by === 'nak' ? [refusal.instead] : []))
    hasAccepted = rejected.length === 0 && others.length === 0
    if (rejected.length > 0) send({ type: 'configure-reject', id: request, options: rejected })
    else if (others.length > 0) send({ type: 'configure-nak', id: request, options: others })
    else send({ type: 'configure-ack', id: request, options: asked })
  }

  return {
    start: begin,
    isOpen,
    receive(message) {
      const before = isOpen()
      switch (message.type) {
        case 'configure-request':
          // RFC 1661 section 4.1: an open link negotiates again.
          if (before) begin()
          answer(message.id, message.options as PppOption<L>[])
          break
        case 'configure-ack':
          if (message.id !== id) return
          timer?.cancel()
          isAccepted = true
          break
        case 'configure-nak':
        case 'configure-reject': {
          if (message.id !== id) return
          const named = message.options as PppOption<L>[]
          own =
            message.type === 'configure-nak'
              ? own.map((one) => named.find(({ type }) => type === one.type) ?? one)
              : own.filter((one) => !named.some(({ type }) => type === one.type))
          begin()
          break
        }
        case 'terminate-request':
          send({ type: 'terminate-ack', id: message.id, data: new Uint8Array() })
          hasAccepted = false
          isAccepted = false
          break
        default:
          return
      }
      changed(before)
    },
    stop: () => timer?.cancel(),
  }
}

import type { Binding } from '../flash.ts'

/** LAN: Reconfigure of the DHCPv6 server: each decision, and what meets the requirements. */
export interface LanReconfigureBehavior {
  /** Only clients that accept Reconfigure are sent one: RFC 8415 section 21.20. */
  reconfigures: 'clients that accept it' | 'everybody'
  /** Clients whose leases of this kind are stale are sent a Reconfigure: RFC 9096 section 3.5. */
  staleReconfigured(kind: Binding['kind']): boolean
  /** What a client gets to know it by: RFC 8415 section 20.4.2. */
  lanReconfigureKey: 'random' | 'the same for all' | 'too short' | 'none'
  /** Whether the server announces that it supports Reconfigure: RFC 9915 section 18.3.9. */
  lanReconfigureOffered: boolean
  /** First value of the replay counter: RFC 9915 section 20.3. */
  lanReplayCounterFrom: number
  /** Seconds until clients whose leases are stale are sent one: RFC 9096 section 3.5 names no time. */
  lanReconfigureAfter: number
  /** How it is authenticated: RFC 8415 section 18.3.11. */
  lanReconfigureProof: 'its key' | 'another key' | 'none'
  /** Its replay counter grows from message to message: RFC 8415 section 20.3. */
  lanReplayCounter: 'grows' | 'starts again'
  /** The message that it demands, RFC 8415 section 21.19: 5 is a Renew. */
  lanReconfigureDemands: number | undefined
  /** Its transaction-id: RFC 8415 section 18.3.11. */
  lanReconfigureTransactionId: number
  /** An identifier that it lacks: RFC 8415 section 18.3.11. */
  lanReconfigureLacks: 'client-id' | 'server-id' | undefined
  /** To one client: RFC 8415 section 18.3.11. */
  lanReconfigureSent: 'by unicast' | 'by multicast'
  /** After REC_TIMEOUT without an answer it is sent again: RFC 8415 section 18.3.11. */
  lanReconfigureRepeated: boolean
  /** REC_TIMEOUT, seconds: RFC 8415 section 7.6. */
  lanReconfigureTimeout: number
}

export const lanReconfigure: LanReconfigureBehavior = {
  reconfigures: 'clients that accept it',
  staleReconfigured: () => true,
  lanReconfigureKey: 'random',
  lanReconfigureOffered: true,
  lanReplayCounterFrom: 1,
  lanReconfigureAfter: 0,
  lanReconfigureProof: 'its key',
  lanReplayCounter: 'grows',
  lanReconfigureDemands: 5,
  lanReconfigureTransactionId: 0,
  lanReconfigureLacks: undefined,
  lanReconfigureSent: 'by unicast',
  lanReconfigureRepeated: true,
  lanReconfigureTimeout: 2,
}

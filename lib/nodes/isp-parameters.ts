import type { IspParameters } from '../recording/recording.ts'
import type { Line } from '../wire/line.ts'
import { PPPOE_MTU } from '../wire/pppoe.ts'
import { ETHERNET_MTU, MINIMUM_MTU } from './ip.ts'

/** What is to be different: groups may be given in part. */
export type IspChange = { [K in keyof IspParameters]?: Partial<IspParameters[K]> | IspParameters[K] }

/** The merged parameters, and of the change what differs. */
export function merge(parameters: IspParameters, change: IspChange): [IspParameters, IspChange] {
  const next: Record<string, unknown> = structuredClone({ ...parameters })
  const changed: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(change)) {
    const old = next[key]
    if (isGroup(old) && isGroup(value)) {
      const fields = Object.entries(value).filter(([field, now]) => !same(old[field], now))
      if (fields.length === 0) continue
      changed[key] = Object.fromEntries(fields)
      next[key] = { ...old, ...structuredClone(Object.fromEntries(fields)) }
    } else if (!same(old, value)) {
      changed[key] = value
      next[key] = structuredClone(value)
    }
  }
  return [next as unknown as IspParameters, changed as IspChange]
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What the line carries: the MTU of the RAs, where a line can have it. */
export function lineMtu({ ra: { mtu } }: IspParameters, { pppoe }: Line): number {
  const most = pppoe ? PPPOE_MTU : ETHERNET_MTU
  return mtu !== undefined && mtu >= MINIMUM_MTU && mtu <= most ? mtu : most
}

/** What dns-packet reads from a UDP DNS message; the bytes stay in `payload`. Hostile names are data, not markup. */
export interface Dns {
  id: number
  type: 'query' | 'response'
  rcode: string
  questions: { name: string; type: string }[]
  answers: { name: string; type: string; ttl?: number; data: unknown }[]
}

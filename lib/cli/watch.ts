/** `denat watch IFACE`: router advertisements as an ordinary host hears them. */
export async function watchCommand(_name: string): Promise<number> {
  throw new Error('not yet')
}

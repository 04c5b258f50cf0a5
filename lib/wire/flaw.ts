/** What is wrong with a frame; `unusual` where no clause forbids it, though no clause asks for it either. */
export interface Flaw {
  what: string
  unusual?: boolean
  /** What is so often wrong that it has requirements of its own. */
  topic?: 'checksum' | 'hop limit' | 'source' | 'port'
}

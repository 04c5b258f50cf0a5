/** A text in English and in Chinese. */
export type Text = readonly [en: string, zh: string]

/** How an item stands at the end of a run, the worst first. */
export const standings = [
  'fail',
  'warn',
  'blocked',
  'lab',
  'harness',
  'left-out',
  'not-asked',
  'not-judged',
  'not-applicable',
  'pass',
] as const
export type Standing = (typeof standings)[number]

/** What a run shows of a product. */
export type Decision = 'conforms' | 'does-not-conform' | 'undecided'

import type { Language } from './language.ts'

/** The source: templates are shown as they stand in the code. */
export const english: Language = {
  tag: 'en',
  complete: [],
  templates: {},
  words: {},
  comma: ', ',
  space: ' ',
  none: 'none',
  seconds: (value) => `${value} s`,
  frame: (value) => `frame ${value}`,
}

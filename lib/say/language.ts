/** How claims are shown in one language. */
export interface Language {
  /** BCP 47. */
  tag: string
  /** Folders of the sources whose templates are all translated. */
  complete: readonly string[]
  /** By template of the source. What is not in it is shown in English. */
  templates: Readonly<Record<string, string>>
  /** Names that cases, events and roles have in the source. What is not in it stays as it is. */
  words: Readonly<Record<string, string>>
  /** Between the items of a list, and between sentences. */
  comma: string
  space: string
  /** In place of a value that is not there. */
  none: string
  seconds(value: string): string
  frame(value: string): string
}

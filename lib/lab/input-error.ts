/** Bad input from a person: a file, an option, an environment. States where, what was expected, what was seen, what to do. */
export class InputError extends Error {
  override readonly name = 'InputError'
  constructor(
    readonly where: string,
    what: string,
    readonly remedy?: string,
  ) {
    super(`${where}: ${what}${remedy ? `\n  → ${remedy}` : ''}`)
  }
}

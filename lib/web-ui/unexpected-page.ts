/** A page object found another page, or another text on it, than the one that it needs. */
export class UnexpectedPage extends Error {
  override readonly name = 'UnexpectedPage'
  constructor(
    readonly expected: string,
    readonly seen: string,
  ) {
    super(`expected ${expected}, seen ${seen}`)
  }
}

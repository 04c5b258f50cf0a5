/** Freedoms that no one router can have together, by name, with the reason. Two values of one decision need no word. */
export const incompatible: readonly [one: string, other: string, reason: string][] = []

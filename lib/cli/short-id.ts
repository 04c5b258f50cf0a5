/** Names of interfaces have room for five characters. */
export const shortId = (pid: number): string => (pid % 36 ** 4).toString(36)

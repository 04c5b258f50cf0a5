const suffix = '.again'

/** Name of the second recording of a scenario in which the router hung. */
export const againOf = (scenario: string): string => `${scenario}${suffix}`

export const isAgain = (name: string): boolean => name.endsWith(suffix)

/** The scenario that a recording of this name is of. */
export const scenarioOf = (name: string): string => (isAgain(name) ? name.slice(0, -suffix.length) : name)

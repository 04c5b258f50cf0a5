/** Distributes over unions so that a discriminant keeps its meaning. */
export type Loose<T> = T extends unknown ? Partial<T> : never

/** How a process that plays mutants starts: TypeScript can't be forked directly. */
await import('../cli/register.mjs')
await import('./matrix-worker.ts')

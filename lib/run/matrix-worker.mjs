/** How a process that runs mutants starts: TypeScript cannot be forked directly. */
await import('../cli/register.mjs')
await import('./matrix-worker.ts')

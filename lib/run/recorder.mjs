/** How a lab's child process starts: TypeScript can't be forked directly. */
await import('../cli/register.mjs')
await import('./recorder.ts')

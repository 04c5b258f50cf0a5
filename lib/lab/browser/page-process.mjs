/** How the process that drives a router's page starts: TypeScript can't be forked directly. */
await import('../../cli/register.mjs')
await import('./page-process.ts')

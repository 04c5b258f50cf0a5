import { register as registerHooks } from 'node:module'

// After this, `import()` takes TypeScript. Children do not inherit it: each starts from an `.mjs` of its own.
// tsx's cache is in a folder of the temporary directory whose name is known: another user who makes it first would choose what root runs.
process.env.TSX_DISABLE_CACHE = '1'
const { register: registerTsx } = await import('tsx/esm/api')
// Ours first: then tsx, which is called first, learns from ours what a file is and does not guess CommonJS.
registerHooks('./hook.mjs', import.meta.url)
// No tsconfig.json: one that happens to lie in the current folder must not change how the lab runs.
registerTsx({ tsconfig: false })

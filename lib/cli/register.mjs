import { register as registerHooks } from 'node:module'
import { register as registerTsx } from 'tsx/esm/api'

// After this, `import()` takes TypeScript. Children do not inherit it: each starts from an `.mjs` of its own.
// Ours first: then tsx, which is called first, learns from ours what a file is and does not guess CommonJS.
registerHooks('./hook.mjs', import.meta.url)
// No tsconfig.json: one that happens to lie in the current folder must not change how the lab runs.
registerTsx({ tsconfig: false })

/**
 * Module hooks, on Node's loader thread. Suites, labs and device folders may lie outside this package: there the
 * bare name `denat` means the package that runs, `denat/suites/...` a file of its suites, and a `.ts` file is a module with or without a package.json
 * with that type.
 */
const entry = new URL('../denat.ts', import.meta.url).href
const ownSuites = 'denat/suites/'

export async function resolve(specifier, context, nextResolve) {
  if (specifier === 'denat') return { url: entry, format: 'module', shortCircuit: true }
  if (specifier.startsWith(ownSuites)) {
    const { href } = new URL(`../../suites/${specifier.slice(ownSuites.length)}`, import.meta.url)
    return { url: href, format: 'module', shortCircuit: true }
  }
  const resolved = await nextResolve(specifier, context)
  return isOurs(resolved.url) ? { ...resolved, format: 'module' } : resolved
}

function isOurs(url) {
  return url.startsWith('file:') && /\.ts($|\?)/.test(url) && !url.includes('/node_modules/')
}

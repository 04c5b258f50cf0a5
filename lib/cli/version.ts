import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const version = (): string =>
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version

/** Of this clone: `83924d5a1b2c`, with `, changed` where files differ from it. Absent where there is no clone, or no git. */
export function commit(): string | undefined {
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const git = (...line: string[]) =>
    execFileSync('git', line, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000 }).trim()
  try {
    const id = git('rev-parse', '--short=12', 'HEAD')
    return git('status', '--porcelain', '--untracked-files=no') ? `${id}, changed` : id
  } catch {
    return undefined
  }
}

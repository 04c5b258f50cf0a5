import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What verdicts are judged from, and the verdicts; a report can be made again from these. */
const evidence = ['recordings', 'results.jsonl', 'run.json']

/** `SHA256SUMS` of the run folder's evidence, for `sha256sum --check`. */
export async function checksumsOf(runFolder: string): Promise<string> {
  const files = evidence.flatMap((name) => filesIn(runFolder, name)).sort()
  const lines: string[] = []
  for (const file of files) lines.push(lineOf(file, await sha256(join(runFolder, file))))
  return lines.join('')
}

function filesIn(root: string, path: string): string[] {
  if (!existsSync(join(root, path))) return []
  const folder = path === 'recordings'
  if (!folder) return [path]
  return readdirSync(join(root, path), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/').replace(/^\//, ''))
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** As GNU coreutils write a name with a line feed or a backslash. */
function lineOf(file: string, hash: string): string {
  const escaped = file.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return `${escaped === file ? '' : '\\'}${hash}  ${escaped}\n`
}

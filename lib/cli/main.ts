import { readFileSync } from 'node:fs'
import { Command } from 'commander'

/** The `denat` command: gives the exit code. */
export async function main(argv: string[]): Promise<number> {
  const { version, description } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const program = new Command('denat').description(description).version(version)
  await program.parseAsync(argv, { from: 'user' })
  return 0
}

import { readFileSync } from 'node:fs'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { compareCommand } from './compare.ts'
import { judgeCommand } from './judge.ts'
import { listCommand } from './list.ts'
import { repeatCommand } from './repeat.ts'
import { runCommand, version } from './run.ts'
import { watchCommand } from './watch.ts'

/** Exit code of what could not start, or broke: no verdict. */
const notStarted = 3

/** Errors that are messages: the reader can do something about them. */
const messages = new Set([
  'InputError',
  'PreflightError',
  'UnknownName',
  'ReportError',
  'RecordingError',
  'CaptureError',
  'LinkError',
  'NamespaceError',
])

/** What the system says of a folder that belongs to somebody else, such as a run that root recorded. */
const refused = new Set(['EACCES', 'EPERM', 'EROFS'])

/** The `denat` command: gives the exit code. */
export async function main(argv: string[]): Promise<number> {
  const { description } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  let code = 0
  const program = new Command('denat').description(description).version(version()).exitOverride()
  program
    .command('run')
    .argument('<lab>', 'a lab file, such as labs/debian.yaml')
    .description('play the scenarios on a lab, judge them, write the report')
    .option('--device <folder>', 'another device folder than the one that the lab file names')
    .option('--out <folder>', "the run's folder; a new one in reports/runs unless told")
    .option('--seed <text>', 'repeat what a run with this seed drew')
    .addOption(
      new Option('--profile <name>', 'full plays what takes long, too').choices(['default', 'full']).default('default'),
    )
    .option('--only <names...>', 'scenarios, or requirements by id', [])
    .option('--no-report', 'leave out the Allure report')
    .addOption(
      new Option('--labs <number>', 'so many identical labs play side by side').argParser(count(1, 8)).default(1),
    )
    .addOption(
      new Option(
        '--repeat <times>',
        'so many runs, each with an order of its own, compared verdict by verdict',
      ).argParser(count(2, 1000)),
    )
    .action(async (lab, { repeat, ...options }) => {
      code = repeat === undefined ? await runCommand(lab, options) : await repeatCommand(lab, options, repeat)
    })
  program
    .command('compare')
    .argument('<run>', 'a folder of reports/runs')
    .argument('<runs...>', 'one or more others')
    .description('show which verdicts differ between runs')
    .action((run, runs) => {
      code = compareCommand([run, ...runs])
    })
  program
    .command('judge')
    .argument('<run>', 'a folder of reports/runs')
    .description("judge a run's recordings again: no lab, no router, no root")
    .option('--no-report', 'leave out the Allure report')
    .action(async (run, options) => {
      code = await judgeCommand(run, options)
    })
  program
    .command('list')
    .description('show what is judged, and what is not, with the reason; then the scenarios')
    .option('--json', 'for programs', false)
    .action(async (options) => {
      code = await listCommand(options)
    })
  program
    .command('watch')
    .argument('<interface>', 'an interface of this machine')
    .description('show who sends router advertisements on a line, with no lab')
    .option('--seconds <number>', 'end after so long; Ctrl-C ends it earlier')
    .action(async (name, options) => {
      code = await watchCommand(name, options)
    })
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    // It has said by then what it does not understand; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : notStarted
    console.error(`denat: ${told(error)}`)
    return notStarted
  }
  return code
}

function count(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (Number.isInteger(number) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`Expected a whole number, ${least} to ${most}.`)
  }
}

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, path } = error as NodeJS.ErrnoException
  if (path && code && refused.has(code))
    return `${path}: cannot be read or written (${code})\n  → run this as the user whom the folder belongs to`
  if (!messages.has(error.name)) return `a bug of denat: ${error.stack}`
  const { remedy } = error as { remedy?: unknown }
  return typeof remedy !== 'string' || error.message.includes(remedy)
    ? error.message
    : `${error.message}\n  → ${remedy}`
}

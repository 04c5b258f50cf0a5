import { readFileSync } from 'node:fs'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { InputError } from '../lab/input-error.ts'
import { takeScratch } from '../lab/scratch.ts'
import { languages } from '../say/languages.ts'
import { baselineCommand } from './baseline.ts'
import { bundleCommand, verifyCommand } from './bundle.ts'
import { cleanCommand, cleanUp } from './clean.ts'
import { compareCommand } from './compare.ts'
import { doctorCommand } from './doctor.ts'
import { initCommand } from './init.ts'
import { judgeCommand } from './judge.ts'
import { listCommand } from './list.ts'
import { planCommand } from './plan.ts'
import { repeatCommand } from './repeat.ts'
import { reportCommand } from './report.ts'
import { resumeCommand } from './resume.ts'
import { runCommand } from './run.ts'
import { complain } from './terminal.ts'
import { version } from './version.ts'
import { watchCommand } from './watch.ts'

/** Exit code of what could not start, or broke: no verdict. */
const notStarted = 3

/** Errors that are messages: the reader can do something about them. */
const messages = new Set([
  'FileError',
  'InputError',
  'PreflightError',
  'UnknownName',
  'ReportError',
  'RecordingError',
  'CaptureError',
  'LinkError',
  'NamespaceError',
])

/** Error codes for a folder that belongs to another user, such as a run that root recorded. */
const refused = new Set(['EACCES', 'EPERM', 'EROFS'])

const langOption = (): Option =>
  new Option('--lang <tag>', 'language of the claims; what is not translated is shown in English')
    .choices(Object.keys(languages))
    .default(isChineseLocale(process.env) ? 'zh' : 'en', "the locale's, or en")

const isChineseLocale = ({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): boolean =>
  (LC_ALL || LC_MESSAGES || LANG || '').startsWith('zh')

const knownOkOption = (): Option =>
  new Option('--known-ok', "exit code 0 where each deviation is in the device's baseline").default(false)

const profileOption = (): Option =>
  new Option('--profile <name>', 'full includes scenarios that take long')
    .choices(['default', 'full'])
    .default('default')

/** The `denat` command: gives the exit code. */
export async function main(argv: string[]): Promise<number> {
  const { description } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  let code = 0
  const program = new Command('denat').description(description).version(version()).exitOverride()
  program
    .command('run')
    .argument('[lab]', 'a lab file, such as labs/debian.yaml')
    .description('run the scenarios on a lab, judge them, write the report')
    .addOption(
      new Option(
        '--resume <run>',
        'go on with a run that was interrupted or stopped: same lab, seed and plan',
      ).conflicts(['device', 'out', 'seed', 'profile', 'suites', 'only', 'labs', 'repeat', 'operator']),
    )
    .option('--device <folder>', 'use this device folder instead of the one in the lab file')
    .option('--out <folder>', 'folder for the results; by default a new one in reports/runs')
    .option('--seed <text>', 'use the same random values as the run with this seed')
    .addOption(profileOption())
    .option('--suites <folders...>', 'folders with suites of your own, in addition to those of denat', [])
    .option('--only <names...>', 'scenarios, or requirements by id', [])
    .option('--no-report', 'leave out the Allure report')
    .addOption(langOption())
    .addOption(new Option('--labs <number>', 'number of labs that run in parallel').argParser(count(1, 8)).default(1))
    .addOption(
      new Option(
        '--max-minutes <number>',
        'scenarios that would take longer are not begun; --resume runs them',
      ).argParser(count(1, 10_000)),
    )
    .addOption(knownOkOption())
    .option('--operator <name>', 'person or body that tests, for the report')
    .option('--wait', 'wait for another run that uses the same network cards, in place of an error')
    .addOption(
      new Option(
        '--repeat <times>',
        'number of runs, each in a different order, whose verdicts are compared',
      ).argParser(count(2, 1000)),
    )
    .action(async (lab, { repeat, resume, ...options }) => {
      if ((lab === undefined) === (resume === undefined))
        throw new InputError('run', 'needs a lab file, or --resume RUN without one')
      if (resume !== undefined) code = await resumeCommand(resume, options)
      else code = repeat === undefined ? await runCommand(lab, options) : await repeatCommand(lab, options, repeat)
    })
  program
    .command('plan')
    .argument('<lab>', 'a lab file, such as labs/debian.yaml')
    .description('show the scenarios of a run in their order, and its resets, boots and minutes')
    .option('--device <folder>', 'use this device folder instead of the one in the lab file')
    .addOption(profileOption())
    .option('--suites <folders...>', 'folders with suites of your own, in addition to those of denat', [])
    .option('--only <names...>', 'scenarios, or requirements by id', [])
    .addOption(langOption())
    .option('--json', 'output for programs', false)
    .action(async (lab, options) => {
      code = await planCommand(lab, options)
    })
  program
    .command('doctor')
    .argument('<lab>', 'a lab file, such as labs/physical.yaml')
    .description('try all that a run needs: the machine, cards and cables, power, page, the way to be online')
    .option('--device <folder>', 'use this device folder instead of the one in the lab file')
    .option('--json', 'output for programs', false)
    .action(async (lab, options) => {
      code = await doctorCommand(lab, options)
    })
  program
    .command('init')
    .argument('<folder>', 'a new folder')
    .description('write a lab file and a device folder for a router on network cards; asks for what is not named')
    .option('--name <text>', 'the router, for the report')
    .option('--vendor <text>')
    .option('--model <text>')
    .option('--firmware <text>')
    .addOption(new Option('--role <role>').choices(['gateway', 'wireless-router']))
    .option('--wan <card>', 'the card to its WAN port, by name or MAC')
    .option('--lan <cards...>', 'the cards to its LAN ports')
    .option('--url <url>', 'its page, by IPv4 address: a page object is begun')
    .option('--password-env <name>', 'the environment variable with the password of the page')
    .action(async (folder, options) => {
      code = await initCommand(folder, options)
    })
  program
    .command('clean')
    .argument('[runs...]', 'folders of runs; by default those in reports/runs')
    .description(
      'remove what killed commands left on this machine and in runs; each other command begins with the former',
    )
    .action((runs) => {
      code = cleanCommand(runs)
    })
  program
    .command('compare')
    .argument('<runs...>', 'folders of reports/runs: the old firmware, and the new one, which may have several')
    .description('show what a firmware does better and worse than another; exit code 1 where something regressed')
    .option('--out <file>', 'also write it there: .html with both ladders of each change, .md, .csv or .json')
    .option('--against <file>', 'compare one run with a file of known deviations; exit code 1 where one is new')
    .action(async (runs, options) => {
      code = await compareCommand(runs, options)
    })
  program
    .command('baseline')
    .argument('<run>', 'a folder of reports/runs')
    .description('write the known deviations of a product from a run; asks for the reason of each that is new')
    .requiredOption('--out <file>', 'baseline.json of the device folder; what is in it is kept')
    .action(async (run, options) => {
      code = await baselineCommand(run, options)
    })
  program
    .command('judge')
    .argument('<run>', 'a folder of reports/runs')
    .description('judge the recordings of a run again; needs no lab, no router, no root')
    .option('--damaged', 'judge recordings that differ from their checksums; each of their verdicts is marked', false)
    .option('--suites <folders...>', 'folders with suites of your own; needed where the run was judged with some')
    .option(
      '--criteria <names...>',
      'by what the product is accepted: names of suites/criteria, or files; several are compared, the report is of the first',
      [],
    )
    .option('--waivers <file>', 'a file of waivers, in place of those that the device folder had')
    .option('--no-report', 'leave out the Allure report')
    .addOption(langOption())
    .addOption(knownOkOption())
    .action(async (run, options) => {
      code = await judgeCommand(run, options)
    })
  program
    .command('report')
    .argument('<run>', 'a folder of reports/runs')
    .description('write the report of a run again from its verdicts, or for paper; needs no lab')
    .option('--criteria <name>', 'criteria of acceptance: a name in suites/criteria, or a file')
    .option('--pdf', 'write report.pdf alone: the page with the verdict, by Chromium', false)
    .option('--suites <folders...>', 'folders with suites of your own; needed where the run was judged with some')
    .addOption(langOption())
    .action(async (run, options) => {
      code = await reportCommand(run, options)
    })
  program
    .command('bundle')
    .argument('<run>', 'a folder of reports/runs')
    .description('write one archive of a run: recordings, results, report, lab and device without secrets')
    .option('--out <file>', 'name of the archive; by default that of the run, in this folder')
    .option('--key <file>', 'sign it with this secret key of minisign, made by `minisign -G -W`')
    .option('--suites <folders...>', 'folders with the suites that the run was judged by, besides those of denat', [])
    .action(async (run, options) => {
      code = await bundleCommand(run, options)
    })
  program
    .command('verify')
    .argument('<bundle>', 'an archive that `denat bundle` wrote')
    .description('verify that an archive is as it was written, and judge it again; needs no network')
    .option('--public-key <file>', 'the signature must be by this key of minisign')
    .option('--sha256 <checksum>', 'the archive must have this checksum, which `denat bundle` printed')
    .option('--suites <folders...>', 'folders with the suites that the run was judged by, besides those of denat', [])
    .action(async (bundle, options) => {
      code = await verifyCommand(bundle, options)
    })
  program
    .command('list')
    .description('show which requirements are judged, which are not and why, and the scenarios')
    .option('--suites <folders...>', 'folders with suites of your own, in addition to those of denat', [])
    .option('--json', 'output for programs', false)
    .action(async (options) => {
      code = await listCommand(options)
    })
  program
    .command('watch')
    .argument('<interface>', 'an interface of this machine')
    .description('show which routers send Router Advertisements on a link; needs no lab')
    .option('--seconds <number>', 'duration; Ctrl-C ends it earlier')
    .action(async (name, options) => {
      code = await watchCommand(name, options)
    })
  program.hook('preAction', (_, command) => {
    if (command.name() === 'clean') return
    cleanUp()
    takeScratch()
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    // Commander has printed the error by now; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : notStarted
    complain(`denat: ${messageOf(error)}`)
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

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, path } = error as NodeJS.ErrnoException
  if (path && code && refused.has(code))
    return `${path}: cannot be read or written (${code})\n  → run this as the owner of the folder`
  if (!messages.has(error.name)) return `a bug of denat: ${error.stack}`
  const { remedy } = error as { remedy?: unknown }
  return typeof remedy !== 'string' || error.message.includes(remedy)
    ? error.message
    : `${error.message}\n  → ${remedy}`
}

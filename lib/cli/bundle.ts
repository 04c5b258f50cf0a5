import { createHash } from 'node:crypto'
import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ArchiveError } from '../bundle/archive.ts'
import { bundleOf, type Verified, verifiedBundle } from '../bundle/bundle.ts'
import { MinisignError, signature, verifiedComment } from '../bundle/minisign.ts'
import { InputError } from '../lab/input-error.ts'
import { plain } from '../report/text.ts'
import { readFacts } from '../run/run-folder.ts'
import { loadSuites, suiteFolders } from '../run/suites.ts'
import { mustNameSuites, NeedsSuites } from './must-name-suites.ts'
import { complain, print } from './terminal.ts'
import { version } from './version.ts'

/** Larger bundles are refused before they are read, in octets. */
const most = 512e6

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface BundleCommand {
  out?: string
  /** A file with a secret key of minisign. */
  key?: string
  suites: string[]
}

/** `denat bundle RUN`: one archive for a reviewer, and a file with its signature if there is a key. */
export async function bundleCommand(run: string, options: BundleCommand): Promise<number> {
  const folder = resolve(run)
  const facts = readFacts(folder)
  mustNameSuites(join(folder, 'run.json'), facts, options.suites)
  const { id } = facts
  const file = resolve(options.out ?? `${id.replace(/[^\w.-]/g, '_')}.denat.zip`)
  const secret = options.key === undefined ? undefined : read(options.key).toString('utf8')
  const archive = bundleOf(folder, await loadSuites(suiteFolders(options.suites)), version())
  const signed =
    secret && named(options.key as string, () => signature(archive, secret, `denat ${version()}, run ${plain(id)}`))
  written(file, archive)
  print(`${file}\nsha256 ${sha256(archive)}`)
  if (signed) {
    written(`${file}.minisig`, signed)
    print(`${file}.minisig`)
  } else print('not signed: send the checksum by another way, for `denat verify --sha256`')
  return 0
}

interface VerifyCommand {
  /** A file with a public key of minisign. */
  publicKey?: string
  /** Of the whole archive, as `bundle` printed it. */
  sha256?: string
  suites: string[]
}

/** `denat verify BUNDLE`: exit code 0 where all of it is as it was, 1 where something is not. Needs no network. */
export async function verifyCommand(bundle: string, options: VerifyCommand): Promise<number> {
  const file = resolve(bundle)
  const archive = read(file)
  const folder = mkdtempSync(join(tmpdir(), 'denat-verify-'))
  try {
    if (options.sha256 !== undefined && options.sha256.toLowerCase() !== sha256(archive))
      throw new ArchiveError(`has another SHA-256: ${sha256(archive)}`)
    checkSignature(file, archive, options.publicKey)
    const suites = await loadSuites(suiteFolders(options.suites))
    const verified = verifiedBundle(archive, folder, suites)
    mustNameSuites(bundle, verified.facts, options.suites)
    return found(verified)
  } catch (error) {
    // Nothing is wrong with the archive.
    if (error instanceof NeedsSuites) throw error
    if (!(error instanceof ArchiveError || error instanceof MinisignError || error instanceof InputError)) throw error
    complain(`denat: ${plain(file)}: ${plain(error.message.replaceAll(`${folder}/`, ''))}`)
    return 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function checkSignature(file: string, archive: Uint8Array, publicKey: string | undefined): void {
  const beside = `${file}.minisig`
  if (publicKey !== undefined) {
    if (!existsSync(beside)) throw new ArchiveError('is not signed: there is no file of the same name and .minisig')
    const comment = verifiedComment(archive, read(beside).toString('utf8'), read(publicKey).toString('utf8'))
    print(`signed by this key: ${plain(comment)}`)
  } else if (existsSync(beside)) print('signed; by which key is not verified: name it with --public-key')
  else print('not signed: its maker is not known, and its reports may differ from its results')
}

/** A message shows this many differing results. */
const mostShown = 20

function found({ facts, maker, otherVersion, differing, results }: Verified): number {
  print(`run ${plain(facts.id)} of ${plain(facts.device.name)}: all files are as they were packed`)
  const { was, is } = differing
  if (was.length + is.length === 0) {
    print(`judged again: the same ${results} results`)
    return 0
  }
  const show = (lines: readonly string[], sign: string) =>
    lines.slice(0, mostShown).map((text) => {
      const { requirement, case: name, scenario, verdict } = JSON.parse(text)
      return `  ${sign} ${plain([requirement, name, scenario].filter(Boolean).join(' · '))}: ${plain(verdict)}`
    })
  print([...show(was, '-'), ...show(is, '+')].join('\n'))
  if (otherVersion) {
    print(
      `judged again: ${was.length} of ${results} results differ. They were judged by another version of denat (${plain(maker.denat)}): only that version can find whether they were changed`,
    )
    return 0
  }
  complain(`denat: judged again by the same version, ${was.length} of ${results} results differ: they were changed`)
  return 1
}

function read(path: string): Buffer {
  try {
    const file = statSync(path)
    if (!file.isFile()) throw new InputError(path, 'is no file')
    if (file.size > most) throw new InputError(path, `is larger than ${most / 1e6} MB`)
    return readFileSync(path)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(path, `cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

/** In one step, and never over a file that is there. */
function written(file: string, content: Uint8Array | string): void {
  try {
    const made = `${file}.new`
    rmSync(made, { force: true })
    writeFileSync(made, content, { flag: 'wx' })
    linkSync(made, file)
    rmSync(made)
  } catch (error) {
    throw new InputError(
      file,
      `cannot be written (${(error as NodeJS.ErrnoException).code})`,
      'name another: --out FILE',
    )
  }
}

function named<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof MinisignError)) throw error
    throw new InputError(file, error.message)
  }
}

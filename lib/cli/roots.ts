import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/**
 * `npm run roots`: the two commands of README.md on a bare root of each Debian, with each Node, that denat supports.
 * `--debian trixie` and `--node 22` choose some; `--only cold-boot` shortens the run on the lab to one scenario, and
 * `--tests lib/wire` the tests to one folder. `--keep FOLDER` keeps the runs there, and the packages for the next time.
 * Needs root, the Debian mirror, npm's registry, and mmdebstrap. Exit code 1 where a command did not end as it must.
 */
const { values } = parseArgs({
  options: {
    debian: { type: 'string', multiple: true, default: ['bookworm', 'trixie'] },
    node: { type: 'string', multiple: true, default: ['20.19', '22', '24'] },
    only: { type: 'string', multiple: true, default: [] },
    tests: { type: 'string', multiple: true, default: [] },
    keep: { type: 'string' },
  },
})
const checkout = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'denat-roots-'))
const kept = values.keep ?? join(scratch, 'kept')
mkdirSync(kept, { recursive: true, mode: 0o700 })

const authorities = '/etc/ssl/certs/ca-certificates.crt'

/**
 * Its arguments: the root, a folder for the packages that apt downloads, and the command. A plain chroot is not enough:
 * `nsenter --mount` and `unshare --mount` see the outer root then.
 */
const enter = `
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
mount --bind "$2" var/cache/apt/archives
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs tmpfs run
pivot_root . mnt
umount -l /mnt
cd /denat
exec env -i NODE_EXTRA_CA_CERTS=${authorities} HOME=/root LANG=C.UTF-8 PATH=/opt/node/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -c "$3"
`

function bareRoot(debian: string): string {
  const archive = join(kept, `${debian}.tar`)
  if (!existsSync(archive)) {
    const made = join(kept, `new-${debian}.tar`)
    execFileSync('mmdebstrap', ['--quiet', '--variant=minbase', '--include=ca-certificates', debian, made])
    renameSync(made, archive)
  }
  return archive
}

/** Node's own binary comes with an npm package; npm itself is another. */
function nodeFolder(node: string): string {
  const folder = join(kept, `node-${node}`)
  if (!existsSync(folder)) {
    const made = mkdtempSync(join(kept, 'node-'))
    writeFileSync(join(made, 'package.json'), '{ "private": true }')
    const packages = [`node@${node}`, `npm@${Number.parseInt(node, 10) < 24 ? 10 : 11}`]
    execFileSync('npm', ['install', '--prefix', made, '--loglevel=error', ...packages], { stdio: 'inherit' })
    renameSync(made, folder)
  }
  return folder
}

/** Exit codes that a command may end with, and what it makes: the demo router has known failures. */
const commands = [
  {
    name: 'npm run lab',
    arguments: values.only.length > 0 ? ['--only', ...values.only] : [],
    ends: [0, 1],
    makes: 'reports/runs',
  },
  { name: 'npm test', arguments: values.tests, ends: [0], makes: 'node_modules' },
]

function tryOn(debian: string, node: string): boolean {
  const folder = mkdtempSync(join(scratch, `${debian}-node-${node}-`))
  const packages = join(kept, `${debian}-packages`)
  mkdirSync(join(packages, 'partial'), { recursive: true })
  const root = join(folder, 'root')
  mkdirSync(join(root, 'denat'), { recursive: true })
  mkdirSync(join(root, 'opt/node/bin'), { recursive: true })
  execFileSync('tar', ['-xf', bareRoot(debian), '-C', root, '--exclude=./dev/*'])
  // The resolver of this network, and what may vouch for servers in it.
  for (const file of ['/etc/resolv.conf', authorities]) cpSync(file, join(root, file), { dereference: true })
  execFileSync('cp', ['-a', join(nodeFolder(node), 'node_modules'), join(root, 'opt/node/node_modules')])
  for (const name of ['node', 'npm', 'npx'])
    execFileSync('ln', ['-s', `../node_modules/.bin/${name}`, join(root, 'opt/node/bin', name)])
  // What git knows, and what is new: the folder as a clone has it.
  const copied = spawnSync(
    'sh',
    ['-c', 'git ls-files -z -co --exclude-standard | tar --null -T - -c | tar -x -C "$1"', 'sh', join(root, 'denat')],
    { cwd: checkout, stdio: 'inherit' },
  )
  if (copied.status !== 0) throw new Error(`${checkout}: could not be copied`)
  const inside = ['--mount', '--pid', '--uts', '--fork', '--kill-child', 'sh', '-euc', enter, 'sh', root, packages]
  const ended = commands.map(({ name, arguments: given, ends, makes }) => {
    console.log(`roots: ${debian}, Node ${node}: ${name} ${given.join(' ')}`)
    const { status } = spawnSync(
      'unshare',
      [...inside, [name, ...(given.length > 0 ? ['--', ...given] : [])].join(' ')],
      {
        stdio: 'inherit',
      },
    )
    const isRight = status !== null && ends.includes(status) && existsSync(join(root, 'denat', makes))
    console.log(
      `roots: ${debian}, Node ${node}: ${name}: ${isRight ? 'as it must' : 'NOT AS IT MUST'} (exit code ${status})`,
    )
    return isRight
  })
  const runs = join(kept, 'runs', `${debian}-node-${node}`)
  rmSync(runs, { recursive: true, force: true })
  if (ended[0]) cpSync(join(root, 'denat/reports/runs'), runs, { recursive: true })
  rmSync(folder, { recursive: true })
  return ended.every(Boolean)
}

try {
  const ended = values.debian.flatMap((debian) => values.node.map((node) => tryOn(debian, node)))
  process.exitCode = ended.every(Boolean) ? 0 : 1
} finally {
  rmSync(scratch, { recursive: true })
}

/**
 * Installs what is missing and nothing else: `setup.mjs lab` for the lab, `vm` for the one in a virtual machine,
 * `test` for the project's tests, `demo` for the lab in memory.
 * It reports what it cannot do before it changes anything, and then exits with 3.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import {
  benchPackages,
  devicePackages,
  installDebianPackages,
  installedPackages,
  machinePackages,
  missingDebianPackages,
  onPath,
  repairInstallation,
  testPackages,
} from './debian.mjs'
import { buildGuest, isGuestBuilt } from './guest.mjs'
import { labProblem, missingHere, nodeProblem, root, unsupported } from './prerequisites.mjs'

const purpose = process.argv[2]
if (!['lab', 'vm', 'test', 'demo'].includes(purpose)) stop('name the purpose: `setup.mjs lab`, `vm`, `test` or `demo`.')

const noNode = nodeProblem()
if (noNode) stop(noNode)
const noLab = labProblem()
if (noLab && ['lab', 'vm'].includes(purpose)) stop(noLab)

for (const notice of unsupported()) print(notice)
const npm = missingHere({ dev: true })
if (!noLab && repairInstallation()) print('completed an installation that was killed.')
// The demo runs in memory: it needs nothing of the system.
const debian = noLab || purpose === 'demo' ? [] : missingDebian()
if (npm.length > 0) installNpm()
if (debian.length > 0) installDebian()
if (npm.length + debian.length === 0) print('everything is installed.')
if (noLab && purpose === 'test') print(`left out: the tests that need a lab (*.lab.test.ts): ${noLab}`)
else if (purpose === 'test' && !onPath('qemu-system-x86_64'))
  print('left out: the test of a virtual machine, as QEMU is not installed: `npm run lab:vm` installs it')
if (purpose === 'vm' && !isGuestBuilt()) {
  print('making the image of the virtual machine ...')
  print(buildGuest())
}

function missingDebian() {
  const purposePackages = { test: testPackages, vm: machinePackages }
  const wanted = [...benchPackages, ...packagesOfDevice(), ...(purposePackages[purpose] ?? [])]
  return missingDebianPackages(wanted, installedPackages())
}

function packagesOfDevice() {
  try {
    return devicePackages(join(root, 'labs/devices/debian'))
  } catch (error) {
    print(`the software router does not report which packages it needs: ${error.message.trim()}`)
    return []
  }
}

function installNpm() {
  print(`installing npm packages from package-lock.json (${npm.length} are missing) ...`)
  // No package needs its install script: binaries come prebuilt, in packages of their own.
  const done = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { cwd: root, stdio: 'inherit' })
  if (done.status !== 0) stop('`npm ci` failed, see above. It needs the npm registry (only when something is missing).')
  // Optional, and the only one that is compiled: done without where there is no compiler.
  if (['make', 'g++', 'python3'].every(onPath)) {
    spawnSync('npm', ['rebuild', 'raw-socket'], { cwd: root, stdio: 'ignore', timeout: 120_000 })
  }
}

function installDebian() {
  print(`installing Debian packages, which may take minutes: ${debian.join(' ')} ...`)
  try {
    const brought = installDebianPackages(debian)
    if (brought.length > 0) print(`stopped and disabled, as the lab starts its own: ${brought.join(' ')}`)
  } catch (error) {
    stop(`${error.message}\nThe Debian mirror is needed only when something is missing.`)
  }
}

function print(text) {
  console.log(`setup: ${text}`)
}

function stop(text) {
  console.error(`setup: ${text}`)
  process.exit(3)
}

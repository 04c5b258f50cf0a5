import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quoted } from '../../say/claim.ts'
import type { Clock } from '../../time/clock.ts'
import { LabTrouble } from '../bench/waits.ts'
import type { Outlet } from './driver.ts'

/** An outlet of a managed PDU, by the tools of net-snmp. The state is read back: a PDU may take an order and not obey. */
export function snmpPlug(
  { host, oid, on, off, version, patience, ...outlet }: Outlet,
  clock: Clock,
  environment: NodeJS.ProcessEnv,
) {
  const ask = (tool: 'snmpset' | 'snmpget', ...given: string[]) =>
    snmp(tool, ['-Oqv', '-t', '2', '-r', '1', host, oid, ...given], {
      version,
      community: environment[outlet['community-env']] ?? '',
      patience,
    })
  const turn = async (state: number): Promise<void> => {
    await ask('snmpset', 'i', String(state))
    const until = clock.now() + patience
    for (;;) {
      const seen = await ask('snmpget')
      if (seen === String(state)) return
      if (clock.now() >= until)
        throw new LabTrouble(quoted(`${host} took the order, but ${oid} is still ${seen}, expected ${state}`))
      await new Promise<void>((resolve) => clock.after(0.2, resolve))
    }
  }
  return { on: () => turn(on), cut: () => turn(off) }
}

/** The community is a credential: the command line, which every user of the machine sees, does not have it. */
function snmp(
  tool: string,
  given: string[],
  access: { version: string; community: string; patience: number },
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'snmp-'))
  writeFileSync(join(folder, 'snmp.conf'), `defVersion ${access.version}\ndefCommunity ${access.community}\n`, {
    mode: 0o600,
  })
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH, SNMPCONFPATH: folder, MIBS: '' }
    execFile(
      tool,
      given,
      { env, timeout: access.patience * 1000, killSignal: 'SIGKILL' },
      (error, output, complaint) => {
        rmSync(folder, { recursive: true, force: true })
        if (!error) return resolve(output.trim())
        const missing = (error as { code?: unknown }).code === 'ENOENT'
        const what = missing
          ? 'is missing: apt-get install --no-install-recommends snmp'
          : complaint.trim().slice(0, 300) || error.message
        reject(new LabTrouble(quoted(`${tool} ${what}`)))
      },
    )
  })
}

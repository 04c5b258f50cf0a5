import type { Shell } from './driver.ts'
import type { Command, Orders } from './orders.ts'

/** Commands on the router itself, by a key or an agent. It can't take its own power away. */
export function sshPower(shell: Shell, { carryOut }: Orders, within: (command: Command) => Command) {
  const { reset } = shell
  const order = (command: string, name: string) => {
    const whole = sshCommand(shell, command)
    return carryOut(shell.through === 'lan' ? within(whole) : whole, `ssh: ${name}`)
  }
  return {
    reboot: () => order(shell.reboot, 'reboot'),
    ...(reset !== undefined && {
      async reset() {
        await order(reset, 'reset')
        return 'booting' as const
      },
    }),
  }
}

export function sshCommand(
  { host, user, port, key, 'known-hosts': known }: Omit<Shell, 'reboot' | 'reset'>,
  command: string,
): Command {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    'ConnectTimeout=10',
    ...(known ? [`UserKnownHostsFile=${known}`] : []),
  ]
  return [
    'ssh',
    ...options.flatMap((option) => ['-o', option]),
    ...(key ? ['-i', key, '-o', 'IdentitiesOnly=yes'] : []),
    ...['-p', String(port), '-l', user, '--', host, command],
  ]
}

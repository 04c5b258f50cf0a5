import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = `
  import { followParent } from ${JSON.stringify(fileURLToPath(new URL('follow-parent.mjs', import.meta.url)))}
  process.on('SIGTERM', () => { console.log('ended'); process.exit() })
  process.on('SIGUSR2', () => { console.log('alone'); process.exit() })
  setInterval(() => {}, 1000)
  followParent(20)
  console.log(process.pid)`

/** What a process prints after its parent, a shell, has got SIGTERM. */
async function printed(npmCommand: string): Promise<string> {
  const command = `"$0" --input-type=module -e "$1"; true`
  const shell = spawn('sh', ['-c', command, process.execPath, script], {
    env: { ...process.env, npm_command: npmCommand },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  const [pid] = await once(shell.stdout, 'data')
  shell.stdout.on('data', (chunk) => {
    text += chunk
  })
  shell.kill('SIGTERM')
  await once(shell, 'exit')
  if (npmCommand === '') process.kill(Number(pid), 'SIGUSR2')
  await once(shell.stdout, 'end')
  return text.trim()
}

test('the end of the shell of npx reaches the command', async () => {
  expect(await printed('exec')).toBe('ended')
})

test('a command in the background outlives its shell', async () => {
  expect(await printed('')).toBe('alone')
})

import { createConnection, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** QEMU's control socket (QMP): one command at a time. */
export interface Qmp {
  /** Resolves with what the command returns. Rejects with QEMU's reason, or when the machine has ended. */
  execute(command: string, given?: object): Promise<unknown>
  close(): void
}

interface Message {
  QMP?: unknown
  return?: unknown
  error?: { desc?: string }
  event?: string
}

/** Connects to a socket that QEMU listens on. */
export async function openQmp(path: string): Promise<Qmp> {
  const socket = await connected(path)
  let answer: { resolve(value: unknown): void; reject(error: Error): void } | undefined
  let last: Promise<unknown> = Promise.resolve()
  const gone = () => {
    answer?.reject(new Error('the virtual machine has ended'))
    answer = undefined
  }
  socket.on('close', gone)
  socket.on('error', gone)
  createInterface({ input: socket }).on('line', (line) => {
    const message = parsed(line)
    if (!answer || !message || message.event !== undefined || message.QMP !== undefined) return
    const { resolve, reject } = answer
    answer = undefined
    if (message.error) reject(new Error(message.error.desc ?? line))
    else resolve(message.return)
  })
  const execute = (command: string, given?: object): Promise<unknown> => {
    const next = () =>
      new Promise<unknown>((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the virtual machine has ended'))
        answer = { resolve, reject }
        socket.write(`${JSON.stringify({ execute: command, ...(given && { arguments: given }) })}\n`)
      })
    const result = last.then(next)
    last = result.catch(() => {})
    return result
  }
  await execute('qmp_capabilities')
  return { execute, close: () => void socket.destroy() }
}

function parsed(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message
  } catch {
    return undefined
  }
}

/** A socket of QEMU's, which it has made by the time it is started. */
export function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

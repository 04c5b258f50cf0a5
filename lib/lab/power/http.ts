import { quoted } from '../../say/claim.ts'
import { LabTrouble } from '../bench/waits.ts'
import { placeholder, type Request, type Web } from './driver.ts'

/** A plug that is switched by HTTP. Redirects are not followed: credentials go to no other host. */
export function httpPlug({ on, off, patience }: Web, environment: NodeJS.ProcessEnv) {
  return { on: () => send(on, patience, environment), cut: () => send(off, patience, environment) }
}

async function send(
  { url, method, headers, body, expect }: Request,
  patience: number,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const filled = (text: string) => text.replaceAll(placeholder, (_, name) => environment[name] ?? '')
  // Not as it is sent: that may hold credentials.
  const trouble = (what: string) => new LabTrouble(quoted(`${method} ${url} of the power driver ${what}`))
  let answer: Response
  let text: string
  try {
    answer = await fetch(filled(url), {
      method,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value)])),
      ...(body !== undefined && { body: filled(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(patience * 1000),
    })
    text = await answer.text()
  } catch (error) {
    throw trouble(`failed: ${reason(error, patience)}`)
  }
  if (answer.status !== expect.status)
    throw trouble(`was answered with status ${answer.status}, expected ${expect.status}`)
  if (expect.text !== undefined && !text.includes(expect.text))
    throw trouble(`was answered without the text "${expect.text}"`)
}

/** `fetch` hides why it failed behind "fetch failed"; neither text names what was sent. */
function reason(error: unknown, patience: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${patience} s`
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error ? cause.message || String((cause as { code?: string }).code) : String(error)
}

import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InputError } from '../lab/input-error.ts'
import { type Interface, interfacesIn } from '../lab/namespaces/cards.ts'
import { isCard, whyNeeded } from '../lab/namespaces/find-cards.ts'
import { writeWhole } from '../plain-files.ts'
import { type Flaw, questions } from './questions.ts'
import { print } from './terminal.ts'

export interface InitCommand {
  name?: string
  vendor?: string
  model?: string
  firmware?: string
  role?: string
  wan?: string
  lan?: string[]
  /** Of the router's page. */
  url?: string
  passwordEnv?: string
}

/** `denat init FOLDER`: a lab file and a device folder for a router on network cards; asks for what is not given. */
export async function initCommand(path: string, given: InitCommand): Promise<number> {
  const folder = resolve(path)
  if (existsSync(folder)) throw new InputError(folder, 'exists', 'name a new folder: nothing is written over')
  const cards = process.platform === 'linux' ? interfacesIn().filter((one) => isCard(one) && !whyNeeded(one)) : []
  const answers = await complete(given, proposals(cards))
  const device = join(folder, 'device')
  mkdirSync(device, { recursive: true })
  const files = {
    [join(folder, 'lab.yaml')]: labText(answers),
    [join(device, 'device.yaml')]: deviceText(answers),
    ...(answers.url && { [join(device, 'web-ui.ts')]: pageText() }),
  }
  for (const [file, text] of Object.entries(files)) {
    writeWhole(file, text)
    print(`wrote ${file}`)
  }
  print(`\nnext: npx denat doctor ${join(folder, 'lab.yaml')}`)
  return 0
}

const listed = (answer: string): string[] => answer.split(/[\s,]+/).filter(Boolean)

const roleFlaw: Flaw = (answer) =>
  answer === undefined || ['gateway', 'wireless-router'].includes(answer)
    ? undefined
    : `${answer} is no role: expected gateway or wireless-router`

const urlFlaw: Flaw = (answer) =>
  !answer || /^https?:\/\/[^\s/]+/.test(answer) ? undefined : `${answer} is no URL: expected such as http://192.168.1.1`

type Answers = Required<Omit<InitCommand, 'url' | 'passwordEnv' | 'vendor' | 'model' | 'firmware'>> & InitCommand

interface Proposals {
  /** Cards, those with carrier first. */
  cards: Interface[]
  wan: string | undefined
  lan: string[]
}

/** The first card with carrier leads to the WAN, as likely as not; `denat doctor` finds out. */
function proposals(all: Interface[]): Proposals {
  const hasCarrier = ({ flags }: Interface) => flags.includes('LOWER_UP')
  const cards = [...all.filter(hasCarrier), ...all.filter((one) => !hasCarrier(one))]
  const [wan, ...lan] = cards.map(({ ifname }) => ifname)
  return { cards, wan, lan: lan.slice(0, Math.max(1, cards.filter(hasCarrier).length - 1)) }
}

async function complete(given: InitCommand, { cards, wan, lan }: Proposals): Promise<Answers> {
  for (const [key, flaw] of Object.entries({ role: roleFlaw, url: urlFlaw }))
    if (flaw(given[key as 'role' | 'url']))
      throw new InputError(`--${key}`, flaw(given[key as 'role' | 'url']) as string)
  const missing = (['name', 'wan', 'lan'] as const).filter((one) => given[one] === undefined)
  if (missing.length > 0 && !process.stdin.isTTY)
    throw new InputError(
      'init',
      `there is no terminal to ask at, and these are missing: ${missing.map((one) => `--${one}`).join(', ')}`,
      'name them, as in: denat init my-router --name "Acme X1" --wan enp3s0 --lan enp4s0',
    )
  if (missing.length === 0) return { role: 'wireless-router', ...given } as Answers
  const { ask, close } = questions('init')
  const cardFlaw: Flaw = (answer = '') => {
    const unknown = listed(answer).find((one) => !cards.some(({ ifname, address }) => [ifname, address].includes(one)))
    if (unknown !== undefined) return `${unknown} is none of these cards`
    return answer === '' ? 'one of these cards is needed' : undefined
  }
  const lanFlaw =
    (wanCard: string): Flaw =>
    (answer = '') =>
      listed(answer).includes(wanCard) ? `${wanCard} leads to the WAN port` : cardFlaw(answer)
  try {
    if (cards.length === 0)
      throw new InputError(
        'init',
        'no network card is free: each has an address that connections use, carries the default route, or is in a bridge',
        'plug in two cards, such as USB adapters, or name cards with --wan and --lan',
      )
    print(`cards that lead to no network of this machine:`)
    for (const { ifname, address, flags } of cards)
      print(`  ${ifname.padEnd(15)} ${address}  ${flags.includes('LOWER_UP') ? 'has carrier' : 'no carrier'}`)
    const name = given.name ?? (await ask('name of the router', 'a router'))
    const vendor = given.vendor ?? (await ask('vendor'))
    const model = given.model ?? (await ask('model'))
    const firmware = given.firmware ?? (await ask('firmware'))
    const role = given.role ?? (await ask('role: gateway or wireless-router', 'wireless-router', roleFlaw))
    const wanCard = given.wan ?? (await ask('card to its WAN port', wan, cardFlaw))
    const lanCards =
      given.lan ??
      listed(
        await ask('cards to its LAN ports', [wan, ...lan].filter((one) => one !== wanCard).join(' '), lanFlaw(wanCard)),
      )
    const url = given.url ?? (await ask('IPv4 URL of its page, empty for none', '', urlFlaw))
    return { ...given, name, vendor, model, firmware, role, wan: wanCard, lan: lanCards, url }
  } finally {
    close()
  }
}

/** A text as YAML has it, whatever is in it. */
const quoted = (text: string): string => JSON.stringify(text)

const labText = ({ wan, lan }: Answers): string => `# A router in a box, on network cards of this machine.
kind: physical
device: ./device
# By name, or by MAC where names change. Behind a switch: { card: ${wan}, vlan: 101 }
wan: ${quoted(wan)}
lan: [${lan.map(quoted).join(', ')}]
# What switches its power, and what resets it. Without these a person at the terminal is asked.
# power: { command: { on: [my-plug, 'on'], off: [my-plug, 'off'] } }
# reset-by: { web-ui: {} }
# The line: { vlan: 35 } where the ISP is in a VLAN.
# line: {}
`

const deviceText = ({
  name,
  vendor,
  model,
  firmware,
  role,
  url,
  passwordEnv,
}: Answers): string => `name: ${quoted(name)}
${vendor ? `vendor: ${quoted(vendor)}\n` : ''}${model ? `model: ${quoted(model)}\n` : ''}${firmware ? `firmware: ${quoted(firmware)}\n` : ''}# gateway, or wireless-router: it may be behind a home gateway.
role: ${quoted(role)}
# Seconds, at most: from power to its first frame; for a factory reset; until a setting of the page takes effect.
boot: 120
reset: 180
apply: 30
# What it has and lacks, in the words of \`applies-when\` in the catalogue. A feature that it lacks and shows is a finding.
capabilities: []
lacks: []
${
  url
    ? `web-ui:
  url4: ${quoted(url)}
  user: admin
  # The password is in this environment variable, and in no file.
  password-env: ${passwordEnv ?? 'ROUTER_PASSWORD'}
`
    : '# With a page object (web-ui.ts), scenarios about the page are run, and the page can reset the router.\n'
}`

const pageText = (): string => `import { type PageObject, UnexpectedPage } from 'denat'

/** The router's page, for Playwright. README.md and labs/devices/debian/web-ui.ts show how each method is written. */
export const webUi: PageObject = (page, device) => {
  const later = (what: string) => Promise.reject(new UnexpectedPage(what, 'a page object without it'))
  return {
    async signIn() {
      await page.goto(device.url)
      await page.locator('input[type=password]').first().fill(device.password)
      await page.keyboard.press('Enter')
    },
    status: () => later('status'),
    setIpv6: () => later('setIpv6'),
    setFirewall: () => later('setFirewall'),
    openPinhole: () => later('openPinhole'),
    closePinhole: () => later('closePinhole'),
    reboot: () => later('reboot'),
    factoryReset: () => later('factoryReset'),
  }
}
`

/** The demo router's web page, as a person with a browser finds their way through it. */
import { type PageObject, type Pinhole, UnexpectedPage } from 'denat'

export const webUi: PageObject = (page, device) => {
  const heading = page.getByRole('heading', { level: 1 })
  const notice = page.getByRole('main').getByRole('status')

  /** Opens a page by its place in the menu, or says why it did not come. */
  async function open(path: string, title: string) {
    await page.goto(device.url + path)
    const seen = await heading.innerText()
    if (seen !== title)
      throw new UnexpectedPage(
        `the page "${title}"`,
        `"${seen}"${seen === 'Sign in' ? ': call signIn() first, also after a reboot' : ''}`,
      )
  }

  /** After an order: the page says that it was taken, or what is wrong. */
  async function confirmed(text: string) {
    const alert = page.getByRole('main').getByRole('alert')
    await notice.or(alert).first().waitFor()
    const seen = await notice.or(alert).first().innerText()
    if (seen !== text) throw new UnexpectedPage(`"${text}"`, `"${seen}"`)
  }

  const rows = async (caption: string) => {
    const body = page.getByRole('table', { name: caption, exact: true }).locator('tbody tr')
    const cells = (await body.all()).map((row) => row.getByRole('cell').allInnerTexts())
    return Promise.all(cells)
  }
  const definition = (term: string) =>
    page
      .getByRole('definition')
      .and(page.getByLabel(term, { exact: true }))
      .innerText()

  async function readPinholes(): Promise<Pinhole[]> {
    await open('/firewall', 'Firewall')
    return (await rows('Open pinholes')).map(([host = '', protocol, port]) => ({
      host,
      protocol: protocol === 'udp' ? 'udp' : 'tcp',
      port: Number(port),
    }))
  }

  return {
    async signIn() {
      await page.goto(`${device.url}/`)
      if ((await heading.innerText()) !== 'Sign in') return
      await page.getByLabel('User').fill(device.user)
      await page.getByLabel('Password').fill(device.password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      const alert = page.getByRole('alert')
      await alert.or(page.getByRole('heading', { name: 'Status', level: 1 })).waitFor()
      if (await alert.isVisible()) throw new UnexpectedPage('the status page', `"${await alert.innerText()}"`)
    },

    async status() {
      const pinholes = await readPinholes()
      await open('/status', 'Status')
      const first = async (caption: string) => (await rows(caption)).map(([cell = '']) => cell)
      return {
        ipv6: (await definition('IPv6')) === 'on',
        firewall: (await definition('Firewall')) === 'off' ? 'off' : 'on',
        online: (await definition('Internet')) === 'online',
        wanAddresses: await first('WAN addresses'),
        delegatedPrefixes: (await rows('Delegated prefixes')).map(([prefix = '', preferred, valid]) => ({
          prefix,
          preferredLifetime: Number(preferred),
          validLifetime: Number(valid),
        })),
        lanPrefixes: await first('LAN prefixes'),
        downstream: (await rows('Downstream routers')).map(([prefix = '', router = '']) => ({ prefix, router })),
        dns: await first('DNS servers from the provider'),
        pinholes,
      }
    },

    async setIpv6(on) {
      await open('/ipv6', 'IPv6')
      await page
        .getByRole('group', { name: 'IPv6' })
        .getByLabel(on ? 'On' : 'Off', { exact: true })
        .check()
      await page.getByRole('form', { name: 'Switch' }).getByRole('button', { name: 'Apply' }).click()
      await confirmed('Saved.')
    },

    async setPrefixFlags({ onLink, autonomous }) {
      await open('/ipv6', 'IPv6')
      const form = page.getByRole('form', { name: 'LAN prefixes' })
      await form.getByLabel('Hosts form addresses (A)').setChecked(autonomous)
      await form.getByLabel('Hosts are neighbors (L)').setChecked(onLink)
      await form.getByRole('button', { name: 'Apply' }).click()
      await confirmed('Saved.')
    },

    async setUla(prefix) {
      await open('/ipv6', 'IPv6')
      const form = page.getByRole('form', { name: 'Local addresses' })
      await form.getByLabel('ULA prefix').fill(prefix)
      await form.getByRole('button', { name: 'Apply' }).click()
      await confirmed('Saved.')
    },

    async setFirewall(level) {
      await open('/firewall', 'Firewall')
      await page
        .getByRole('group', { name: 'IPv6 firewall' })
        .getByLabel(level === 'on' ? 'On' : 'Off', { exact: true })
        .check()
      await page.getByRole('button', { name: 'Apply' }).click()
      await confirmed('Saved.')
    },

    async openPinhole({ host, protocol, port }) {
      await open('/firewall', 'Firewall')
      const form = page.getByRole('form', { name: 'New pinhole' })
      await form.getByLabel('Host address').fill(host)
      await form.getByLabel('Protocol').selectOption(protocol)
      await form.getByLabel('Port').fill(String(port))
      await form.getByRole('button', { name: 'Open pinhole' }).click()
      await confirmed('Pinhole opened.')
    },

    async closePinhole({ host, protocol, port }) {
      const open = await readPinholes()
      const index = open.findIndex((one) => one.host === host && one.protocol === protocol && one.port === port)
      if (index < 0) throw new UnexpectedPage(`a pinhole ${host} ${protocol} ${port}`, JSON.stringify(open))
      const table = page.getByRole('table', { name: 'Open pinholes' })
      await table.locator('tbody tr').nth(index).getByRole('button', { name: 'Close' }).click()
      await confirmed('Pinhole closed.')
    },

    async reboot() {
      await open('/system', 'System')
      await page.getByRole('button', { name: 'Reboot' }).click()
      await confirmed('The router is rebooting.')
    },

    async factoryReset() {
      await open('/system', 'System')
      await page.getByLabel('Delete all settings').check()
      await page.getByRole('button', { name: 'Factory reset' }).click()
      await confirmed('The router is restoring its factory settings.')
    },
  }
}

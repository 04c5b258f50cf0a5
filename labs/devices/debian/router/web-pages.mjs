/** The pages, as HTML. Nothing enters it but through `html`, which escapes. Pure. */

/** @typedef {import('./router.mjs').Status} Status */
/** @typedef {{ markup: string }} Html */

const entities = /** @type {Record<string, string>} */ ({
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
})
const escapeText = (/** @type {unknown} */ value) => String(value).replace(/[&<>"']/g, (char) => entities[char] ?? '')

/** @param {TemplateStringsArray} parts @param {...(string | number | Html | Html[])} values @returns {Html} */
export function html(parts, ...values) {
  const piece = (/** @type {string | number | Html | Html[]} */ value) =>
    Array.isArray(value)
      ? value.map((one) => one.markup).join('')
      : typeof value === 'object'
        ? value.markup
        : escapeText(value)
  return { markup: parts.reduce((text, part, i) => text + piece(values[i - 1] ?? '') + part) }
}

const style = {
  markup: `
:root { font: 16px/1.5 system-ui, sans-serif; color: #1c2733; background: #eef2f5 }
body { margin: 0 auto; max-width: 52rem; padding: 0 1rem 3rem }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 2rem; padding: 1rem 0 }
header strong { font-size: 1.1rem }
nav a { margin-right: 1rem }
main { background: #fff; border: 1px solid #d3dce4; border-radius: 8px; padding: 0.5rem 1.5rem 1.5rem }
a { color: #0b5cad }
table { border-collapse: collapse; width: 100%; margin: 1.2rem 0; table-layout: fixed }
th:first-child:not(:only-child) { width: 45% }
caption { text-align: left; font-weight: 600; padding-bottom: 0.2rem }
th, td { text-align: left; padding: 0.25rem 0.8rem 0.25rem 0; border-bottom: 1px solid #e4eaef; overflow-wrap: anywhere }
th { font-weight: normal; color: #5a6b7b }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1.5rem }
dt { color: #5a6b7b } dd { margin: 0 }
form p { margin: 0.6rem 0 }
label { display: inline-block; min-width: 9rem }
input, select, button { font: inherit; padding: 0.25rem 0.5rem }
input[type=text], input[type=password] { width: 22rem; max-width: 100%; box-sizing: border-box }
button { border: 1px solid #0b5cad; border-radius: 4px; background: #0b5cad; color: #fff; cursor: pointer }
button.grave { background: #fff; color: #a11; border-color: #a11 }
[role=status], [role=alert] { padding: 0.5rem 0.8rem; border-radius: 4px; background: #e3f3e6 }
[role=alert] { background: #fbe4e4 }
.quiet { color: #5a6b7b }
`,
}

/** @param {string} title @param {Html} body @param {{ signedIn?: boolean, notice?: string, error?: string }} [options] */
function page(title, body, { signedIn = true, notice = '', error = '' } = {}) {
  const menu = html`<nav aria-label="Main"><a href="/status">Status</a><a href="/ipv6">IPv6</a><a href="/firewall">Firewall</a><a href="/system">System</a></nav>`
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} - denat demo router UI</title>
<style>${style}</style></head>
<body>
<header><strong>denat demo router UI</strong>${signedIn ? menu : ''}</header>
<main>
<h1>${title}</h1>
${notice ? html`<p role="status">${notice}</p>` : ''}
${error ? html`<p role="alert">${error}</p>` : ''}
${body}
</main>
</body>
</html>
`.markup
}

/** @param {{ error?: string }} options */
export const signInPage = ({ error }) =>
  page(
    'Sign in',
    html`<form method="post" action="/sign-in">
<p><label for="user">User</label><input id="user" name="user" type="text" autocomplete="username" required></p>
<p><label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required></p>
<p><button>Sign in</button></p>
</form>`,
    { signedIn: false, error },
  )

/** @param {string} caption @param {string[]} heads @param {string[][]} rows */
function table(caption, heads, rows) {
  return html`<table>
<caption>${caption}</caption>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>
${rows.length === 0 ? html`<p class="quiet">None.</p>` : ''}`
}

const token = (/** @type {string} */ csrf) => html`<input type="hidden" name="csrf" value="${csrf}">`

/** @param {Status} status */
export const statusPage = (status) =>
  page(
    'Status',
    html`<dl>
<dt id="t-internet">Internet</dt><dd aria-labelledby="t-internet">${status.online ? 'online' : 'offline'}</dd>
<dt id="t-ipv6">IPv6</dt><dd aria-labelledby="t-ipv6">${status.ipv6 ? 'on' : 'off'}</dd>
<dt id="t-firewall">Firewall</dt><dd aria-labelledby="t-firewall">${status.firewall}</dd>
</dl>
${table(
  'WAN addresses',
  ['Address'],
  status.wanAddresses.map((one) => [one]),
)}
${table(
  'Delegated prefixes',
  ['Prefix', 'Preferred for (s)', 'Valid for (s)'],
  status.delegatedPrefixes.map((one) => [one.prefix, String(one.preferredLifetime), String(one.validLifetime)]),
)}
${table(
  'DNS servers from the provider',
  ['Address'],
  status.dns.map((one) => [one]),
)}
${table(
  'LAN prefixes',
  ['Prefix', 'Network'],
  status.lanPrefixes.map((one) => [one.prefix, one.lan]),
)}
${table(
  'Downstream routers',
  ['Prefix', 'Router'],
  status.downstream.map((one) => [one.prefix, one.router]),
)}`,
  )

/** @param {Status} status @param {string} csrf @param {{ notice?: string, error?: string }} options */
export const ipv6Page = (status, csrf, options) =>
  page(
    'IPv6',
    html`<form method="post" action="/ipv6" aria-label="Switch">${token(csrf)}
<fieldset><legend>IPv6</legend>
<p><label><input type="radio" name="ipv6" value="on"${checked(status.ipv6)}> On</label></p>
<p><label><input type="radio" name="ipv6" value="off"${checked(!status.ipv6)}> Off</label></p>
</fieldset>
<p><button>Apply</button></p>
</form>
<form method="post" action="/lan-flags" aria-label="LAN prefixes">${token(csrf)}
<fieldset><legend>LAN prefixes</legend>
<p><label><input type="checkbox" name="autonomous" value="yes"${checked(status.flags.autonomous)}> Hosts form addresses (A)</label></p>
<p><label><input type="checkbox" name="on-link" value="yes"${checked(status.flags.onLink)}> Hosts are neighbors (L)</label></p>
</fieldset>
<p><button>Apply</button></p>
</form>
<form method="post" action="/ula" aria-label="Local addresses">${token(csrf)}
<p><label for="ula">ULA prefix</label><input id="ula" name="ula" type="text" value="${status.ula}" required></p>
<p><button>Apply</button></p>
</form>`,
    options,
  )

const checked = (/** @type {boolean} */ on) => (on ? html` checked` : '')

/** @param {Status} status @param {string} csrf @param {{ notice?: string, error?: string }} options */
export const firewallPage = (status, csrf, options) =>
  page(
    'Firewall',
    html`<form method="post" action="/firewall" aria-label="Level">${token(csrf)}
<fieldset><legend>IPv6 firewall</legend>
<p><label><input type="radio" name="level" value="on"${checked(status.firewall === 'on')}> On</label> nothing comes in that was not asked for</p>
<p><label><input type="radio" name="level" value="off"${checked(status.firewall === 'off')}> Off</label> everything comes in</p>
</fieldset>
<p><button>Apply</button></p>
</form>
<h2>Pinholes</h2>
<table>
<caption>Open pinholes</caption>
<thead><tr><th scope="col">Host</th><th scope="col">Protocol</th><th scope="col">Port</th><th scope="col">Action</th></tr></thead>
<tbody>${status.pinholes.map(
      (
        hole,
      ) => html`<tr><td>${hole.host}</td><td>${hole.protocol}</td><td>${hole.port}</td><td><form method="post" action="/pinholes/close">${token(csrf)}
<input type="hidden" name="host" value="${hole.host}"><input type="hidden" name="protocol" value="${hole.protocol}"><input type="hidden" name="port" value="${hole.port}">
<button>Close</button></form></td></tr>\n`,
    )}</tbody>
</table>
<form method="post" action="/pinholes/open" aria-label="New pinhole">${token(csrf)}
<p><label for="host">Host address</label><input id="host" name="host" type="text" required></p>
<p><label for="protocol">Protocol</label><select id="protocol" name="protocol"><option>tcp</option><option>udp</option></select></p>
<p><label for="port">Port</label><input id="port" name="port" type="number" min="1" max="65535" required></p>
<p><button>Open pinhole</button></p>
</form>`,
    options,
  )

/** @param {string} csrf */
export const systemPage = (csrf) =>
  page(
    'System',
    html`<form method="post" action="/reboot">${token(csrf)}<p><button>Reboot</button></p></form>
<form method="post" action="/factory-reset">${token(csrf)}
<p><label><input type="checkbox" name="sure" value="yes" required> Delete all settings</label></p>
<p><button class="grave">Factory reset</button></p></form>
<form method="post" action="/sign-out">${token(csrf)}<p><button>Sign out</button></p></form>`,
  )

/** @param {string} title @param {string} text */
export const farewellPage = (title, text) => page(title, html`<p role="status">${text}</p>`, { signedIn: false })

/** @param {string} text */
export const errorPage = (text) =>
  page('Not done', html`<p role="alert">${text}</p><p><a href="/status">Status</a></p>`, { signedIn: false })

/** The router's one program of ours: started by init (../router.sh), it starts all others. */
import { writeFileSync } from 'node:fs'
import { openFlash } from './flash.mjs'
import { createRouter } from './router.mjs'
import { log } from './system.mjs'
import { createWebServer, factoryPassword, hashPassword } from './web-server.mjs'

const { DUT_WAN = 'wan0', DUT_LANS = 'lan0 lan1', DUT_BRIDGE = '' } = process.env
// What ../router.sh understands.
const exitCodes = { off: 0, reboot: 10, reset: 11, failed: 12 }

const flash = openFlash('/var/lib/router')
const router = createRouter({
  wan: DUT_WAN,
  lans: DUT_LANS.split(/\s+/).filter(Boolean),
  bridge: DUT_BRIDGE || undefined,
  flash,
  // Later, so that the page that ordered it gets its answer.
  restart: (how) => void setTimeout(() => end(how), 300),
})

let ending = false
/** @param {keyof typeof exitCodes} how */
async function end(how) {
  if (ending) return
  ending = true
  log(how)
  await router.stop()
  process.exit(exitCodes[how])
}

process.on('SIGTERM', () => void end('off'))
await router.start()
const secret = flash.read('secret', hashPassword(factoryPassword))
flash.write('secret', secret)
// On all addresses; the firewall lets only the LAN reach it.
createWebServer({ control: router, secret }).listen(80, '::')
try {
  await router.isUp()
} catch (error) {
  log(/** @type {Error} */ (error).message)
  process.exit(exitCodes.failed)
}
writeFileSync('/run/booted', '')
log('booted')

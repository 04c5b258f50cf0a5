import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab } from '../lab/memory-lab.ts'
import { deviceOf } from '../lab/open-lab.ts'
import type { Frame, Recording } from '../recording/recording.ts'
import { decode } from '../wire/decode.ts'
import { encode } from '../wire/encode.ts'
import { hex, octets } from '../wire/testing.ts'
import { judgeRecording } from './judge.ts'
import { play } from './record.ts'
import { loadSuites } from './suites.ts'

const suites = await loadSuites()
const { scenarios } = suites

async function played(name: string, lab: string) {
  const scenario = scenarios.get(name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  const labFile = readLab(fileURLToPath(new URL(`../../labs/${lab}.yaml`, import.meta.url)))
  const opened = openMemoryLab(labFile, { seed: 'tagged line' })
  const device = await deviceOf(labFile)
  const { recording } = await play({
    lab: opened,
    labFile,
    device,
    seed: 'tagged line',
    profile: 'default',
    scenario,
  })
  opened.close()
  return { recording, verdicts: verdictsOf(recording) }
}

const verdictsOf = (recording: Recording) =>
  judgeRecording(recording, suites).map(({ requirement, case: one, verdict }) => [requirement, one, verdict])

/** `denat run labs/memory-qinq.yaml` plays all. */
test.each([
  ['cold-boot', 'memory-vlan', '8100 0023'],
  ['slaac-wan', 'memory-qinq', '88a8 0064 8100 0023'],
  ['silent-server', 'memory-qinq', '88a8 0064 8100 0023'],
])('%s on %s: tags carry what plain Ethernet carries', async (name, lab, tags) => {
  const plain = await played(name, 'memory')
  const tagged = await played(name, lab)
  expect(tagged.verdicts).toEqual(plain.verdicts)
  const wan = tagged.recording.frames.filter(({ port }) => port === 'wan0')
  expect(wan.length).toBeGreaterThan(20)
  const expected = hex(octets(tags))
  const behindAddresses = ({ bytes }: Frame) => hex(bytes.subarray(12, 12 + octets(tags).length))
  expect(wan.filter((frame) => behindAddresses(frame) !== expected)).toEqual([])
  expect(tagged.recording.frames.filter(({ port, packet }) => port !== 'wan0' && packet.tags)).toEqual([])
})

/** What needs several stations on the WAN. */
const ofManyStations = ['RFC4862-5.4-DAD WAN address', 'RFC4862-5.4-DAD WAN link-local address', 'RFC7084-WAA-2 L=1']

/** `denat run labs/memory-pppoe.yaml` plays all. */
test.each([
  ['cold-boot', 'memory-pppoe-vlan'],
  ['silent-server', 'memory-pppoe'],
  ['duplicate-addresses', 'memory-pppoe'],
  ['wan-prefixes', 'memory-pppoe'],
])('%s on %s: a session carries what plain Ethernet carries', async (name, lab) => {
  const plain = await played(name, 'memory')
  const inSession = await played(name, lab)
  // What plain Ethernet gave no occasion for may be judged here.
  const isOther = (one: unknown[], index: number) =>
    plain.verdicts[index]?.[2] !== 'not-applicable' && one[2] !== plain.verdicts[index]?.[2]
  expect(inSession.verdicts.filter(isOther)).toEqual(
    plain.verdicts
      .filter(([requirement, one]) => ofManyStations.includes(`${requirement} ${one}`))
      .map(([requirement, one]) => [requirement, one, 'not-applicable']),
  )
  const wan = inSession.recording.frames.filter(({ port }) => port === 'wan0')
  expect(wan.filter(({ packet }) => packet.ip6).length).toBeGreaterThan(20)
  expect(wan.filter(({ from, packet }) => from === 'dut' && !packet.pppoe)).toEqual([])
})

const groupMacs = '33:33'

/** The same packet in a PPPoE session, which has two ends and no groups. */
function inPpp(frame: Frame, peer: string): Frame {
  const { packet, port } = frame
  if (port !== 'wan0' || !packet.ip6) return frame
  const { eth, trailer, ...ip } = packet
  const dst = eth.dst.startsWith(groupMacs) ? peer : eth.dst
  const bytes = encode({ ...ip, eth: { src: eth.src, dst }, pppoe: { sessionId: 1 }, ppp: {} })
  return { ...frame, bytes, packet: decode(bytes) }
}

test.each(['slaac-wan', 'cold-boot'])(
  '%s: what is judged does not hang on Ethernet, but where it says so',
  async (name) => {
    const { recording, verdicts } = await played(name, 'memory')
    const peer = recording.world.stations.isp?.mac ?? ''
    const inSession = verdictsOf({ ...recording, frames: recording.frames.map((frame) => inPpp(frame, peer)) })
    const isOfEthernet = ([requirement]: (string | undefined)[]) => requirement === 'RFC7084-WLL-1'
    expect(inSession.filter((one) => !isOfEthernet(one))).toEqual(verdicts.filter((one) => !isOfEthernet(one)))
    expect(inSession.filter(isOfEthernet).map(([, , verdict]) => verdict)).toEqual(
      verdicts.filter(isOfEthernet).map(() => 'not-applicable'),
    )
  },
)

import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import type { Frame, Recording } from '../recording/recording.ts'
import { decode } from '../wire/decode.ts'
import { encode } from '../wire/encode.ts'
import { judgeRecording } from './judge.ts'
import { play } from './record.ts'
import { loadSuites } from './suites.ts'

const labFile = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))
const suites = await loadSuites()

/** The same, and after each Reply on the WAN a message that the router relays there: it is none of a client. */
function withRelayed({ frames, marks, ...recording }: Recording): Recording {
  const numbers = new Map<number, number>()
  const all: Frame[] = []
  for (const frame of frames) {
    numbers.set(frame.number, all.length + 1)
    all.push({ ...frame, number: all.length + 1 })
    const { eth, ip6, dhcp6 } = frame.packet
    if (frame.port !== 'wan0' || !ip6 || dhcp6?.type !== 'reply') continue
    const bytes = encode({
      eth: { src: eth.dst, dst: eth.src },
      ip6: { src: ip6.dst, dst: ip6.src },
      udp: { srcPort: 547, dstPort: 547 },
      dhcp6: { type: 'relay-forward', hopCount: 0, linkAddress: '::', peerAddress: ip6.dst, options: [] },
    })
    const sent = { number: all.length + 1, direction: 'in', from: 'dut', bytes, packet: decode(bytes) } as const
    all.push({ ...frame, ...sent, comment: undefined })
  }
  const now = (number: number) => numbers.get(number) ?? number
  const moved = marks.map((mark) => ({
    ...mark,
    number: now(mark.number),
    ...(mark.frames && { frames: mark.frames.map(now) }),
    ...(mark.named && { named: Object.fromEntries(Object.entries(mark.named).map(([name, one]) => [name, now(one)])) }),
  }))
  return { ...recording, frames: all, marks: moved }
}

test.each(['two-routers', 'renumbering', 'cold-boot'])(
  'messages that a router relays stop no judgement: %s',
  async (name) => {
    const scenario = suites.scenarios.get(name)
    if (!scenario) throw new TypeError(`no scenario ${name}`)
    const lab = openMemoryLab(labFile, { seed: 'relayed' })
    const device = referenceDevice
    const { recording } = await play({ lab, labFile, device, seed: 'relayed', profile: 'default', scenario })
    lab.close()
    const relayed = withRelayed(recording)
    expect(relayed.frames.length).toBeGreaterThan(recording.frames.length)
    const stopped = judgeRecording(relayed, suites).filter(({ cause }) => cause === 'harness')
    expect(stopped.map(({ requirement, because }) => `${requirement}: ${JSON.stringify(because)}`)).toEqual([])
  },
)

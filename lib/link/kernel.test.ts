import { describe, expect, test } from 'vitest'
import { carrierIn } from './carrier.ts'
import { interfaces, systemError } from './errno.ts'
import { pinned } from './libc.ts'
import { LinkError } from './link.ts'

/** A route message: RTM_NEWLINK is 16, RTM_DELLINK 17. */
function linkMessage(type: number, index: number, flags: number): Buffer {
  const message = Buffer.alloc(36)
  message.writeUInt32LE(34, 0)
  message.writeUInt16LE(type, 4)
  message.writeInt32LE(index, 20)
  message.writeUInt32LE(flags, 24)
  return message
}

const up = 0x1_0001

describe('route messages', () => {
  test.each<[string, Buffer[], boolean[]]>([
    ['carrier', [linkMessage(16, 7, up)], [true]],
    ['up without carrier', [linkMessage(16, 7, 0x1)], [false]],
    ['carrier, but down', [linkMessage(16, 7, 0x1_0000)], [false]],
    ['another interface', [linkMessage(16, 8, up)], []],
    ['a removed interface', [linkMessage(17, 7, up)], [false]],
    ['another kind of message', [linkMessage(2, 7, up)], []],
    ['several in one read', [linkMessage(16, 7, 0), linkMessage(16, 8, up), linkMessage(16, 7, up)], [false, true]],
  ])('tell %s', (_, messages, expected) => {
    expect(carrierIn(Buffer.concat(messages), 7)).toEqual(expected)
  })

  test('end where they are cut short or lie about their length', () => {
    expect(carrierIn(linkMessage(16, 7, up).subarray(0, 20), 7)).toEqual([])
    expect(carrierIn(Buffer.alloc(64), 7)).toEqual([])
  })
})

test('a failed call says its name and what to do', () => {
  expect(systemError('p0: opening a raw port', 1)).toEqual(
    new LinkError('p0: opening a raw port: EPERM: run as root, or with CAP_NET_RAW, CAP_NET_ADMIN and CAP_SYS_ADMIN'),
  )
  expect(systemError('p0: x', 2).message).toBe('p0: x: ENOENT')
  expect(systemError('p0: x', 9999).message).toBe('p0: x: errno 9999')
})

test('memory for the kernel is never on the moving heap', () => {
  expect(pinned(8).length).toBe(128)
  expect(pinned(4096).byteOffset).toBe(0)
})

test.runIf(process.platform === 'linux')('the interfaces of this namespace', () => {
  expect(interfaces()).toContain('lo')
})

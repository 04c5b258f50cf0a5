import { expect, test } from 'vitest'
import type { Frame } from '../recording/recording.ts'
import { ladder, rowsOf, wayOf } from './ladder.ts'
import { hostile, recordingOf, world } from './testing.ts'

const recording = recordingOf('renewal')
const frame = (number: number) => recording.frames[number - 1] as Frame

test.each([
  ['the DUT to a group', 1, { wan: 'all', wanArrow: '◀──', lanArrow: '', lan: '' }],
  ['the ISP to the DUT', 2, { wan: 'isp', wanArrow: '──▶', lanArrow: '', lan: '' }],
  ['a host to the DUT', 5, { wan: '', wanArrow: '', lanArrow: '◀──', lan: 'host' }],
  ['the DUT to the ISP', 6, { wan: 'isp', wanArrow: '◀──', lanArrow: '', lan: '' }],
  [
    'a frame of the bench that the DUT bridged',
    21,
    { wan: '', wanArrow: '', lanArrow: '──▶', lan: 'bridged from isp' },
  ],
])('drawn: %s', (_, number, way) => expect(wayOf(frame(number), world)).toEqual(way))

const drawn = (deciding: number[]) =>
  rowsOf(recording, deciding).map((row) => {
    if (row.kind === 'gap') return `gap ${row.frames}`
    return row.kind === 'mark' ? row.mark.mark : `${row.frame.number}${row.deciding ? '!' : ''}`
  })

test('deciding frames have neighbors, marks and gaps around them', () => {
  expect(drawn([4, 19])).toEqual([
    'gap 1',
    '2',
    '3',
    '4!',
    'online',
    '5',
    '6',
    'gap 10',
    '17',
    '18',
    '19!',
    '20',
    'page read',
    '21',
  ])
})

test('neighbors that decide themselves are marked', () => {
  expect(drawn([1, 2])).toEqual(['1!', '2!', '3', '4', 'online', 'gap 17'])
})

test('without frames the marks are shown', () => expect(drawn([])).toEqual(['online', 'page read']))

test('frames that the recording does not have are no trouble', () =>
  expect(drawn([999])).toEqual(['online', 'page read']))

test('what the DUT says does not become markup', () => {
  const page = ladder(recording, [19, 20], { 19: hostile, 20: 'x'.repeat(100_000) })
  expect(page).toContain('&lt;img src=x onerror=&quot;')
  expect(page).not.toContain('<img')
  expect(page.replaceAll('\n', '')).not.toMatch(/\p{C}/u)
  expect(page.length).toBeLessThan(20_000)
})

test('more deciding frames than can be drawn are counted', () => {
  const many = Array.from({ length: 50 }, (_, index) => index + 1)
  expect(ladder(recording, many)).toContain('10 more deciding frames not shown')
})

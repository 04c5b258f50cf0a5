import { describe, expect, test } from 'vitest'
import type { Entry } from '../suite/catalogue.ts'
import { entry } from '../suite/testing.ts'
import { clauseFaults } from './clause-faults.ts'
import { readRfc } from './rfc-text.ts'

const texts = new Map([
  [
    7084,
    readRfc(`4.2.  The WAN

   W-1:  A router MUST act
         as a host.
   W-2:  A router SHOULD rest.

4.3.  The LAN

   The router sends an RA at once.  It MUST NOT send two, and SHOULD send a third one-
   handed.
`),
  ],
  [8200, readRfc('3.  Header\n\n   A node must discard it.\n')],
])
const source = (section: string, label = '-', document = 'RFC 7084') => ({ document, section, label })
const faults = (change: Partial<Entry>) => clauseFaults(entry(change), texts)

test('an entry agrees with the clause that its label names', () => {
  expect(faults({ source: source('4.2', 'W-1') })).toEqual([])
  expect(faults({ source: source('4.2', 'W-2'), level: 'SHOULD' })).toEqual([])
  expect(faults({ source: source('4.2', 'W-2') })).toEqual(['W-2 of RFC 7084 has no MUST'])
})

test('sections and labels that are not there are told, of every document', () => {
  expect(faults({ source: source('4.2', 'W-1'), also: [source('5')] })).toEqual(['RFC 7084 has no section 5'])
  expect(faults({ source: source('4.3', 'W-1') })).toContain('section 4.3 of RFC 7084 has no W-1')
})

describe('a quotation', () => {
  test('is needed where there is no label', () => {
    expect(faults({ source: source('4.3') })).toEqual(['has no label, and does not quote the words that decide'])
  })
  test('is found across lines, and in parts', () => {
    const quote = 'The router sends an RA ... MUST NOT send two, and SHOULD send a third one-handed.'
    expect(faults({ source: source('4.3'), quote })).toEqual([])
  })
  test('that is not in the section is told', () => {
    expect(faults({ source: source('4.3'), quote: 'It MUST NOT send three' })).toEqual([
      'section 4.3 of RFC 7084 does not contain "It MUST NOT send three"',
    ])
  })
  test('gives the level, or no level at all', () => {
    const quote = 'SHOULD send a third'
    expect(faults({ source: source('4.3'), quote })).toEqual(['is MUST, and quotes a SHOULD'])
    expect(faults({ source: source('4.3'), quote, level: 'SHOULD' })).toEqual([])
    expect(faults({ source: source('4.3'), quote: 'sends an RA at once' })).toEqual([])
  })
  test('has small words where the document writes no others', () => {
    const of8200 = { source: source('3', '-', 'RFC 8200'), quote: 'A node must discard it.' }
    expect(faults(of8200)).toEqual([])
    expect(faults({ ...of8200, level: 'SHOULD' })).toEqual(['is SHOULD, and quotes a MUST'])
  })
})

describe('verified', () => {
  const elsewhere = source('1', '-', 'RFC 9999')
  const unverified = { verified: false, unverified: 'not at hand' }
  test('is no entry whose text is not there, but for a policy', () => {
    expect(faults({ source: elsewhere })).toEqual(['is verified, but the text of RFC 9999 is not available'])
    expect(faults({ source: elsewhere, ...unverified })).toEqual([])
    expect(faults({ source: source('goal', '-', 'project goal'), level: 'policy' })).toEqual([])
  })
  test('is every entry whose text is there', () => {
    expect(faults({ source: source('4.2', 'W-1'), ...unverified })).toEqual([
      'is not verified, but the text of RFC 7084 is available',
    ])
  })
})

import { expect, test } from 'vitest'
import { labelled, readRfc } from './rfc-text.ts'

const rfc = `Network Working Group
1.  Introduction ....................................................1
   2. Rules ..........................................................2

1.  Introduction

   Some words.

Author                       Standards Track                    [Page 1]
\f
RFC 9999                   Rules of Something               January 2026

   More words.

2.  Rules

2.1.  Of Routers

   R-1:  A router MUST do this.

         Always.
   R-2:  A router SHOULD do that.

2.2  Of Hosts

   REC-1   Hosts MAY rest.

Author's Address

   2.3.4.5 is no section
`

test('the text is found by section, without pages and subsections', () => {
  const { sections } = readRfc(rfc)
  expect([...sections.keys()]).toEqual(['1', '2', '2.1', '2.2'])
  expect(sections.get('1')).toContain('Some words.')
  expect(sections.get('1')).toContain('More words.')
  expect(sections.get('1')).not.toMatch(/Page|January/)
  expect(sections.get('2')?.trim()).toBe('2.  Rules')
  expect(sections.get('2.2')).not.toContain('no section')
})

test('what stands under a label ends at the next one', () => {
  const section = readRfc(rfc).sections.get('2.1') ?? ''
  expect(labelled(section, 'R-1')).toMatch(/^ +R-1: {2}A router MUST do this\.\s+Always\.$/)
  expect(labelled(section, 'R-2')).toContain('SHOULD')
  expect(labelled(section, 'R-3')).toBeUndefined()
  expect(labelled(readRfc(rfc).sections.get('2.2') ?? '', 'REC-1')).toContain('rest')
})

test('whether the words of RFC 2119 are written in capitals is seen', () => {
  expect(readRfc(rfc).capitals).toBe(true)
  expect(readRfc('1.  Rules\n\n   A node must do this.\n').capitals).toBe(false)
})

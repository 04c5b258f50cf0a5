import { describe, expect, it } from 'vitest'
import { claim } from '../say/claim.ts'
import { render } from '../say/render.ts'
import { frame, mark, recording } from '../suite/testing.ts'
import { silence } from './silence.ts'

const solicitation = { ip6: { src: 'fe80::1', dst: 'ff02::2' }, icmp6: { type: 'router-solicitation' } } as const
const asked = frame(1, 'wan0', 'bench', solicitation)
const blocked = { outcome: { end: 'blocked', by: 'RFC7084-W-2', because: claim`nothing came` } } as const

describe('a router that says nothing', () => {
  it('is told of in one sentence, with the time that it had', () => {
    const because = silence(recording([asked], { ...blocked, marks: [mark('end', 1, 61.6)] }))
    expect(because && render(because)).toMatch(/^the router sent no frame on any port in 62 s \(a-scenario\)/)
  })

  it('is none that said anything, on any port', () => {
    expect(silence(recording([asked, frame(2, 'lan1', 'dut', solicitation)], blocked))).toBeUndefined()
  })

  it('is not one that the lab did not listen to', () => {
    expect(silence(recording([], { outcome: { end: 'lab', because: claim`no carrier` } }))).toBeUndefined()
    expect(silence(recording([]))).toBeUndefined()
  })
})

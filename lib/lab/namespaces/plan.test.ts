import { describe, expect, test } from 'vitest'
import { NamespaceError } from './netns.ts'
import { namespacePlan } from './plan.ts'

describe('the plan of a lab in namespaces', () => {
  const plan = namespacePlan('k3x9', ['wan0', 'lan0', 'lan1'])

  test('names all after the run', () => {
    expect(plan).toMatchObject({
      bench: 'dn-k3x9-bench',
      dut: 'dn-k3x9-dut',
      browser: 'dn-k3x9-browser',
      benchPorts: { wan0: 'dk3x9wan0', lan0: 'dk3x9lan0', lan1: 'dk3x9lan1' },
      browserPort: 'dk3x9-web',
    })
  })

  test('joins each port, and the browser, with the bench', () => {
    expect(plan.cables).toHaveLength(4)
    expect(plan.cables[0]).toBe(
      'link add name dk3x9wan0 netns dn-k3x9-bench type veth peer name wan0 netns dn-k3x9-dut address 02:d0:75:00:00:01',
    )
    expect(plan.cables[3]).toContain('peer name eth0 netns dn-k3x9-browser address 02:d0:75:00:01:01')
  })

  test('keeps the bench silent and the DUT without power', () => {
    expect(plan.sysctls['dn-k3x9-bench']).toEqual({
      'net.ipv6.conf.all.disable_ipv6': 1,
      'net.ipv6.conf.default.disable_ipv6': 1,
    })
    expect(Object.keys(plan.up)).toEqual(['dn-k3x9-bench', 'dn-k3x9-browser'])
  })

  test('gives no interface a name that the kernel refuses', () => {
    const longest = namespacePlan('abcdef', ['a2345678'])
    for (const name of [...Object.values(longest.benchPorts), longest.browserPort]) {
      expect(name.length).toBeLessThanOrEqual(15)
    }
  })

  test.each<[string, string, string[]]>([
    ['a long run id', 'abcdefg', ['wan0']],
    ['no run id', '', ['wan0']],
    ['a run id that would break a command', 'a;b', ['wan0']],
    ['a long port', 'a', ['abcdefghi']],
    ['a port with spaces', 'a', ['wan 0']],
    ['a port twice', 'a', ['wan0', 'wan0']],
  ])('refuses %s', (_, runId, ports) => {
    expect(() => namespacePlan(runId, ports)).toThrow(NamespaceError)
  })
})

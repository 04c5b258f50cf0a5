import { expect, test } from 'vitest'
import { claim, sentences, the } from './claim.ts'
import type { Language } from './language.ts'
import { render } from './render.ts'

test('a claim is its template and its values, by position', () => {
  const one = claim`${the.address('2001:db8::1')} is given for ${the.seconds(1.5, 3)} in ${2} steps.`
  expect(one).toEqual({
    template: '{1} is given for {2} in {3} steps.',
    values: [{ kind: 'address', value: '2001:db8::1' }, { kind: 'seconds', value: 1.5, digits: 3 }, 2],
  })
  expect(render(one)).toBe('2001:db8::1 is given for 1.500 s in 2 steps.')
  expect(render(JSON.parse(JSON.stringify(one)))).toBe(render(one))
})

test('a frame, a list, a claim inside a claim, and what is not there', () => {
  const inner = claim`${the.list([the.name('a'), the.name('b')])}`
  const frame = { number: 7, bytes: new Uint8Array() }
  expect(render(claim`In ${frame}: ${inner}, ${the.prefix(undefined)}.`)).toBe('In frame 7: a, b, none.')
  expect(render(sentences([claim`One.`, claim`Two.`]))).toBe('One. Two.')
})

test('a language orders the values and says what is between them', () => {
  const german: Language = {
    tag: 'de',
    complete: [],
    words: { A: 'Anton' },
    templates: { '{1} follows {2}.': 'Nach {2} kommt {1}.' },
    comma: ' und ',
    space: ' ',
    none: 'nichts',
    seconds: (value) => `${value.replace('.', ',')} s`,
    frame: (value) => `Rahmen ${value}`,
  }
  const said = claim`${the.list([the.name('A'), the.name('B')])} follows ${the.seconds(0.25, 2)}.`
  expect(render(said, german)).toBe('Nach 0,25 s kommt Anton und B.')
  expect(render(claim`${said} Not translated.`, german)).toBe('Nach 0,25 s kommt Anton und B. Not translated.')
})

test('what a router says can neither forge output nor be taken for a template', () => {
  expect(render(claim`It says "${the.text('\u202e{1}\x1b[2J')}".`)).toBe('It says "\\u{202e}{1}\\u{1b}[2J".')
  expect(() => claim`braces {1}`).toThrow(TypeError)
})

test('a name that each object has is no word of a language', () => {
  expect(render({ template: 'constructor', values: [] })).toBe('constructor')
  expect(render(claim`${the.name('__proto__')} ${the.name('toString')}`)).toBe('__proto__ toString')
})

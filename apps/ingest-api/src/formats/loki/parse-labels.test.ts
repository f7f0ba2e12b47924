import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseLabels } from './parse-labels.ts'

/** As Go's %q writes a text. */
const quote = (text: string) =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`

const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/).filter((one) => one !== '__proto__')

describe('a set of labels', () => {
  it.each([
    ['{}', {}],
    [' { } ', {}],
    ['{job="shop"}', { job: 'shop' }],
    ['{ job = "shop" , level="info", }', { job: 'shop', level: 'info' }],
    ['{a="", __proto__="x"}', JSON.parse('{"a":"","__proto__":"x"}') as object],
    ['{a="say \\"hi\\", b=\\"2\\""}', { a: 'say "hi", b="2"' }],
    ['{path="C:\\\\temp",line="a\\nb\\t\\u00e4\\U0001f600"}', { path: 'C:\\temp', line: 'a\nb\tä😀' }],
  ])('%s is read with the escapes of Go', (text, labels) => {
    expect(parseLabels(text)).toEqual(labels)
  })

  it.each([
    ['{path="C:\\temp"}', { path: 'C:\\temp' }],
    ['{path="C:\\temp",text="a\\nb"}', { path: 'C:\\temp', text: 'a\\nb' }],
    ['{share="\\\\host\\dir"}', { share: '\\\\host\\dir' }],
    ['{dir="C:\\"}', { dir: 'C:\\' }],
    ['{text="say "hi" to",b="2"}', { text: 'say "hi" to', b: '2' }],
    ['{text="it is "quoted"",b="2"}', { text: 'it is "quoted"', b: '2' }],
    ['{text="two\nlines \\ "}', { text: 'two\nlines \\ ' }],
  ])('%s is read as it stands: it was not escaped', (text, labels) => {
    expect(parseLabels(text)).toEqual(labels)
  })

  it.each(['', 'job', '{job}', '{job=shop}', '{job="shop"', '{job="a"}{b="c"}x', '{1="a"}'])(
    '%j is kept as it is',
    (text) => {
      expect(parseLabels(text)).toEqual({ labels: text })
    },
  )

  it('gives back what was escaped, whatever that is', () => {
    const value = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => !/^[a-z]:\\/i.test(one))
    fc.assert(
      fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (labels) => {
        const text = Object.entries(labels).map(([key, of]) => `${key}=${quote(of)}`)
        expect(parseLabels(`{${text.join(', ')}}`)).toEqual(labels)
      }),
      { seed: 1, numRuns: 2000 },
    )
  })
})

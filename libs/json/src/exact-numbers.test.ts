import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { parseExact } from './exact-numbers.ts'

const digits = (max: number) => fc.stringMatching(new RegExp(`^(0|[1-9][0-9]{0,${max - 1}})$`))

/** Numbers as JSON may write them. */
const number = fc
  .tuple(
    fc.boolean(),
    digits(60),
    fc.option(fc.stringMatching(/^[0-9]{1,40}$/), { nil: undefined }),
    fc.option(fc.stringMatching(/^[eE][+-]?[0-9]{1,3}$/), { nil: undefined }),
  )
  .map(([minus, whole, fraction, exponent]) => {
    const places = fraction === undefined ? '' : `.${fraction}`
    return `${minus ? '-' : ''}${whole}${places}${exponent ?? ''}`
  })

/** Texts that look like numbers, and like the ends of texts. */
const text = fc
  .string({ unit: fc.constantFrom('"', '\\', ':', ',', '[', '1', '.0', 'e9', ' ', '9007199254740993', ']') })
  .map((value) => JSON.stringify(value))

const blank = fc.constantFrom('', ' ', '\n\t')

/** JSON text, every number of which is written in some odd way. */
const json = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    number,
    text,
    fc.constantFrom('true', 'null', '0', '{}'),
    fc
      .tuple(fc.array(tie('value'), { maxLength: 4 }), blank)
      .map(([items, b]) => `[${b}${items.join(`${b},${b}`)}${b}]`),
    fc
      .tuple(
        fc.uniqueArray(fc.tuple(text, tie('value')), { maxLength: 4, selector: ([name]) => name }),
        blank,
      )
      .map(
        ([members, b]) => `{${b}${members.map(([name, of]) => `${name}${b}:${b}${of}`).join(`${b},`)}${b}}`,
      ),
  ),
})).value

/** The way that costs too much: a reviver, which gets the text of every number. */
function parseSlowly(source: string): unknown {
  const revive = (_: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? context!.source! : value
  return (JSON.parse as (text: string, reviver: typeof revive) => unknown)(source, revive)
}

describe('parseExact', () => {
  it('reads every number as its text says it, and everything else as JSON.parse does', () => {
    fc.assert(
      fc.property(json, (source) => {
        const slow = parseSlowly(source)
        const quick = parseExact(source)
        const asText = (value: unknown): unknown => {
          if (typeof value === 'number') return { number: Object.is(value, -0) ? '-0' : String(value) }
          if (JSON.isRawJSON(value)) return { number: value.rawJSON }
          return value
        }
        // What stays a double is one that no digit is lost of.
        const equal = (read: unknown, said: unknown): void => {
          const one = asText(read)
          if (typeof one === 'object' && one !== null && 'number' in one && typeof said === 'string') {
            const { number } = one as { number: string }
            if (number !== said) assert.equal(BigInt(scale(number)), BigInt(scale(said)))
            return
          }
          if (typeof read !== 'object' || read === null) return assert.deepStrictEqual(read, said)
          assert.deepStrictEqual(Object.keys(read), Object.keys(said as object))
          for (const name of Object.keys(read))
            equal((read as Record<string, unknown>)[name], (said as Record<string, unknown>)[name])
        }
        equal(quick, slow)
      }),
      { seed: 5, numRuns: 3000 },
    )
  })

  it.each([
    '{"a":01.0}',
    '[1.0.0]',
    '[1.]',
    '{1.0:2}',
    '{"a",1.0:2}',
    '[1.0 2]',
    '[.50]',
    '[+1.0]',
    '[1e]',
    '[1.0',
    '["1.0',
  ])('refuses %j as JSON.parse does', (source) => {
    expect(() => parseExact(source)).toThrow(SyntaxError)
  })

  it('takes the last of members with the same name', () => {
    expect(JSON.stringify(parseExact('{"a":1,"a":1.0}'))).toBe('{"a":1.0}')
    expect(JSON.stringify(parseExact('{"a":1.0,"a":"x"}'))).toBe('{"a":"x"}')
  })

  it('ends at once on a text that is never closed, behind numbers', () => {
    const open = '\\":1.0,'.repeat(200_000)
    for (const source of [`[1.0,"${open}`, `{"a":1.0,"${open}`, `[${':1.0'.repeat(200_000)}`])
      expect(() => parseExact(source)).toThrow(SyntaxError)
  })
})

/** Digits of a number in units that no number of the test is smaller than. */
function scale(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? []
  const places = Number(exponent) - fraction.length + 1100
  return `${sign}${whole}${fraction}${'0'.repeat(places)}`
}

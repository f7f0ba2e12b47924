import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { checkJson } from '@runnel/json'
import { decodeEnvelope, encodeEnvelope, encodeEvent } from './envelope.ts'
import { createEventIds } from '@runnel/contracts'
import { parseJson } from '@runnel/json'

const nextId = createEventIds()
const decode = (value: unknown) => decodeEnvelope(JSON.stringify(value))

/** Any JSON object that Runnel takes, with names that trip naive code. */
const text = fc.string({ unit: 'binary' }).map((one) => one.replaceAll('\0', ''))
const trickyName = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'id', 'key', 'data', '', '0'),
)
const json = fc.letrec<{ object: Record<string, unknown>; value: unknown }>((tie) => ({
  object: fc.dictionary(trickyName, tie('value'), { maxKeys: 6, noNullPrototype: true }),
  value: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'json' },
    fc.constantFrom(null, true, false, -0, 5e-324, 1e300, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    text,
    fc.array(tie('value'), { maxLength: 5 }),
    tie('object'),
  ),
}))

describe('an envelope', () => {
  it('gives back every event as it was put in', () => {
    const events = [
      { id: nextId(), data: { message: 'a"b\\c\n😀' } },
      { id: nextId(), key: 'k"1\u2028', data: [] },
      { id: nextId(), op: 'delete' as const, data: { id: 5 } },
    ]
    const texts = events.map(({ id, key, op, data }) => encodeEvent(id, JSON.stringify(data), key, op))
    const items = decodeEnvelope(encodeEnvelope(texts).toString())
    expect(items).toEqual(events.map((event) => ({ event })))
  })

  it('is the same whether its bytes are counted before or not', () => {
    const texts = ['a', 'ä€😀', 'b'].map((text) => encodeEvent(nextId(), JSON.stringify({ text })))
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
    expect(encodeEnvelope(texts, bytes)).toEqual(encodeEnvelope(texts))
  })

  it('keeps any JSON object equal under IEEE doubles', () => {
    fc.assert(
      fc.property(json.object, (data) => {
        // What JSON.stringify writes is all that a client can send: -0 becomes 0, and 1e20 has digits.
        const sent = JSON.parse(JSON.stringify(data)) as never
        checkJson(sent)
        const id = nextId()
        const [item] = decodeEnvelope(encodeEnvelope([encodeEvent(id, JSON.stringify(data))]).toString())
        // Jest's own comparison does not look at a member called __proto__.
        assert.deepStrictEqual(item, { event: { id, data: sent } })
      }),
      { seed: 7, numRuns: 2000 },
    )
  })

  it('carries the text of a body as it was sent, so that even -0 stays', () => {
    const text = '{ "a" : -0,\r\n "b":1e300 }'
    parseJson(text)
    const [item] = decodeEnvelope(encodeEnvelope([encodeEvent(nextId(), text)]).toString())
    expect(item).toMatchObject({ event: { data: { a: -0, b: JSON.rawJSON('1e300') } } })
  })
})

describe('decodeEnvelope', () => {
  const good = { id: nextId(), data: 1 }

  it.each([
    ['no object', 5, '/events/1'],
    ['null', null, '/events/1'],
    ['an array', [good], '/events/1'],
    ['without an id', { data: 1 }, '/events/1/id'],
    ['with an id of another kind', { id: 'abc', data: 1 }, '/events/1/id'],
    ['with a number as key', { ...good, key: 1 }, '/events/1/key'],
    ['with an unknown operation', { ...good, op: 'drop' }, '/events/1/op'],
    ['without data', { id: nextId() }, '/events/1/data'],
  ])('reports an event that is %s, and keeps its neighbours', (_, bad, field) => {
    const items = decode({ events: [good, bad, good] })
    expect(items[0]).toEqual({ event: good })
    expect(items[1]).toMatchObject({ malformed: { code: 'invalid_field', details: { field } }, raw: bad })
    expect(items[2]).toEqual({ event: good })
  })

  it('takes null, false and 0 for data', () => {
    const events = [null, false, 0].map((data) => ({ ...good, data }))
    expect(decode({ events })).toEqual(events.map((event) => ({ event })))
  })

  it('is empty where there are no events', () => {
    expect(decode({ events: [] })).toEqual([])
  })

  it.each([
    ['not JSON', '{"events":['],
    ['empty', ''],
  ])('refuses a text that is %s', (_, text) => {
    expect(() => decodeEnvelope(text)).toThrow(expect.objectContaining({ code: 'bad_json' }))
  })

  it.each([[[]], [null], ['x'], [{}], [{ events: {} }], [{ events: null }]])(
    'refuses %j, which is no envelope',
    (value) => {
      expect(() => decode(value)).toThrow(expect.objectContaining({ code: 'invalid_field' }))
    },
  )
})

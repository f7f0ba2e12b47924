import { describe, expect, it } from '@jest/globals'
import { AppError } from '../app-error.ts'
import type { JsonObject, JsonValue } from '../json-value.ts'
import { FIRST_GENERATED_PRODUCT_ID } from './limits.ts'
import { validateItem, type ItemShape } from './validate-item.ts'

function problemOf(shape: ItemShape, item: unknown): { code: string; field: string | undefined } | undefined {
  try {
    validateItem(shape, item as JsonValue)
    return undefined
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, field: error.details.field }
    throw error
  }
}

/** 512 and 513 bytes in characters of two bytes: a limit that counted characters would take both. */
const FITS = 'é'.repeat(256)
const TOO_LONG = `${FITS}x`

const product = (members: object = {}) => ({ name: 'pen', price: 10, ...members })
const metric = (data: object = {}, members: object = {}) => ({ data: { value: 1, ...data }, ...members })

describe('every kind', () => {
  const odd = JSON.parse('{"__proto__":{"a":1},"constructor":null,"x y":[1],"1":"2"}') as JsonObject

  it.each([
    ['metrics', metric(odd, odd)],
    ['logs', { level: 'info', ...odd }],
    ['products', product(odd)],
    ['metric-data', { value: 1, ...odd }],
  ] as const)('keeps unknown members of %s and changes nothing', (shape, item) => {
    const before = structuredClone(item)
    validateItem(shape, item as JsonObject)
    expect(item).toStrictEqual(before)
  })

  it.each([
    ['metrics', (eventId: unknown) => metric({}, { eventId })],
    ['logs', (eventId: unknown) => ({ eventId })],
    ['products', (eventId: unknown) => product({ eventId })],
  ] as const)('has keys of 1 to 512 bytes in %s', (shape, build) => {
    expect(problemOf(shape, build(FITS))).toBeUndefined()
    expect(problemOf(shape, build(TOO_LONG))).toEqual({ code: 'text_too_long', field: '/eventId' })
    // A log keeps whatever its logger put there; only a text is a key.
    const refused = shape === 'logs' ? undefined : { code: 'invalid_field', field: '/eventId' }
    expect(problemOf(shape, build(''))).toEqual(refused)
    expect(problemOf(shape, build(7))).toEqual(refused)
  })

  it.each(['metrics', 'logs', 'products', 'metric-data', 'product-deletion'] as const)(
    'has to be an object: %s',
    (shape) => {
      for (const item of [null, 1, 'x', true, [], [{}]]) {
        expect(problemOf(shape, item)).toEqual({ code: 'invalid_field', field: '' })
      }
    },
  )
})

describe('a log', () => {
  it('may be empty', () => {
    expect(problemOf('logs', {})).toBeUndefined()
  })

  it.each([30, null, true, ['x'], { text: 'x' }])('may have %j where text is usual', (value) => {
    const item = { level: value, message: value, service: value, timestamp: value, attributes: value }
    expect(problemOf('logs', item)).toBeUndefined()
  })

  it('is limited where its text is indexed, and nowhere else', () => {
    expect(problemOf('logs', { level: FITS, service: FITS, message: 'é'.repeat(100_000) })).toBeUndefined()
    expect(problemOf('logs', { level: TOO_LONG })).toEqual({ code: 'text_too_long', field: '/level' })
    expect(problemOf('logs', { service: TOO_LONG })).toEqual({ code: 'text_too_long', field: '/service' })
  })
})

describe('a metric', () => {
  it('has to have data, and nothing in it', () => {
    expect(problemOf('metrics', {})).toEqual({ code: 'missing_field', field: '/data' })
    expect(problemOf('metrics', JSON.parse('{"__proto__":{"data":{}}}'))).toEqual({
      code: 'missing_field',
      field: '/data',
    })
    expect(problemOf('metrics', { data: {} })).toBeUndefined()
  })

  it.each([
    [{ value: '123.45' }, '/data/value'],
    [{ value: null }, '/data/value'],
    [{ name: 5 }, '/data/name'],
    [{ unit: {} }, '/data/unit'],
    [{ tags: [] }, '/data/tags'],
    [{ tags: { a: {} } }, '/data/tags/a'],
    [{ tags: { 'a\nb': [] } }, '/data/tags/a\nb'],
    [{ timestamp: 'soon' }, '/data/timestamp'],
    [{ timestamp: '2025-02-30' }, '/data/timestamp'],
    [{ timestamp: null }, '/data/timestamp'],
    [{ timestamp: 1e300 }, '/data/timestamp'],
  ])('refuses %j', (data, field) => {
    expect(problemOf('metrics', { data })).toEqual({ code: 'invalid_field', field })
  })

  it('takes tags of every simple type, and times as text and as numbers', () => {
    expect(problemOf('metrics', metric({ tags: { a: 'x', b: 1, c: true, d: null } }))).toBeUndefined()
    expect(problemOf('metrics', metric({ timestamp: '2025-06-01T00:00:00Z' }))).toBeUndefined()
    expect(problemOf('metrics', metric({ timestamp: 1_700_000_000 }))).toBeUndefined()
  })

  it('limits the bytes of its name', () => {
    expect(problemOf('metrics', metric({ name: FITS }))).toBeUndefined()
    expect(problemOf('metrics', metric({ name: TOO_LONG }))).toEqual({
      code: 'text_too_long',
      field: '/data/name',
    })
  })
})

describe('a product', () => {
  it.each([0, 1, FIRST_GENERATED_PRODUCT_ID - 1])('may have the id %d', (id) => {
    expect(problemOf('products', product({ id }))).toBeUndefined()
  })

  it.each([-1, FIRST_GENERATED_PRODUCT_ID, 1.5, '1', null])('may not have the id %j', (id) => {
    expect(problemOf('products', product({ id }))).toEqual({ code: 'invalid_field', field: '/id' })
  })

  it('has to have a name and a price', () => {
    expect(problemOf('products', { price: 1 })).toEqual({ code: 'missing_field', field: '/name' })
    expect(problemOf('products', { name: 'pen' })).toEqual({ code: 'missing_field', field: '/price' })
    expect(problemOf('products', product({ name: '' }))).toEqual({ code: 'invalid_field', field: '/name' })
    expect(problemOf('products', product({ price: '10' }))).toEqual({
      code: 'invalid_field',
      field: '/price',
    })
  })

  it('limits the bytes of name and manufacturer', () => {
    expect(problemOf('products', product({ name: FITS, manufacturer: FITS }))).toBeUndefined()
    expect(problemOf('products', product({ name: TOO_LONG }))).toMatchObject({ code: 'text_too_long' })
    expect(problemOf('products', product({ manufacturer: TOO_LONG }))).toEqual({
      code: 'text_too_long',
      field: '/manufacturer',
    })
    expect(problemOf('products', product({ manufacturer: null }))).toBeUndefined()
    expect(problemOf('products', product({ manufacturer: 5 }))).toMatchObject({ code: 'invalid_field' })
  })

  it('is deleted by an id from 1 to the largest that a double holds', () => {
    expect(problemOf('product-deletion', { id: 1 })).toBeUndefined()
    expect(problemOf('product-deletion', { id: Number.MAX_SAFE_INTEGER })).toBeUndefined()
    expect(problemOf('product-deletion', { id: 0 })).toMatchObject({ code: 'invalid_field' })
    expect(problemOf('product-deletion', { id: 1, version: 2 })).toBeUndefined()
    expect(problemOf('product-deletion', { id: 1, version: '2' })).toMatchObject({ field: '/version' })
    expect(problemOf('product-deletion', {})).toEqual({ code: 'missing_field', field: '/id' })
  })
})

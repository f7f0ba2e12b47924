import { describe, expect, it } from '@jest/globals'
import { AppError, readLogColumns, type JsonObject, type JsonValue } from '@runnel/contracts'
import { parseText } from '@runnel/json'
import fc from 'fast-check'
import { mapGelf } from './map-gelf.ts'

const map = (text: string) => mapGelf(parseText(text))
const base: JsonObject = { version: '1.1', host: 'web-1', short_message: 'disk full' }

describe('a message of GELF', () => {
  it('has its text, time, level and host in their places, and all else among the attributes', () => {
    const sent: JsonObject = {
      ...base,
      full_message: 'disk full\non /var',
      timestamp: 1795953600.123,
      level: 4,
      _order: 17,
      _deep: { a: [1] },
      facility: 'shop',
      line: 12,
    }
    expect(mapGelf(sent)).toEqual({
      timestamp: '2026-11-29T12:00:00.123Z',
      level: 'warn',
      service: 'shop',
      message: 'disk full',
      attributes: {
        host: 'web-1',
        full_message: 'disk full\non /var',
        order: 17,
        deep: { a: [1] },
        facility: 'shop',
        line: 12,
      },
    })
  })

  it.each([
    [{}, 'web-1'],
    [{ facility: 'shop' }, 'shop'],
    [{ facility: ' ', _app: 'pay' }, 'pay'],
    [{ _service: 'x'.repeat(513), _facility: 'shop' }, 'shop'],
    [{ host: 7 }, undefined],
  ])('with %j is of the service %s', (more, service) => {
    expect(mapGelf({ ...base, ...more })['service']).toBe(service)
  })

  it.each<[JsonValue, string | undefined]>([
    [0, 'fatal'],
    [3, 'error'],
    ['6', 'info'],
    [7, 'debug'],
    [9, '9'],
    ['WARNING', 'warn'],
    [null, undefined],
    [{}, undefined],
    [{ toString: 1 }, undefined],
  ])('with the level %j is %s', (level, name) => {
    expect(mapGelf({ ...base, level })['level']).toBe(name)
  })

  it('of winston-log2gelf has the numbers of winston as levels', () => {
    const written = (level: number) =>
      map(
        `{"version":"1.1","timestamp":1795953600.5,"level":${level},"host":"h","short_message":"m","full_message":"m",` +
          `"_service":"shop","_environment":"development","_x":1}`,
      )
    expect([0, 1, 2, 3, 4, 5].map((level) => written(level)['level'])).toEqual([
      ...['error', 'warn', 'info', 'debug', 'debug', 'trace'],
    ])
    expect(written(2)).toMatchObject({ service: 'shop', attributes: { environment: 'development', x: 1 } })
    expect(written(2)['attributes']).not.toHaveProperty('full_message')
  })

  it('keeps the digits of times and of numbers', () => {
    const log = map('{"short_message":"m","timestamp":1795953600.123456789,"_n":9007199254740993}')
    expect(log['timestamp']).toBe('2026-11-29T12:00:00.123456789Z')
    expect(JSON.stringify(log)).toContain('"n":9007199254740993')
    expect(map('{"short_message":"m","timestamp":1795953600123}')['timestamp']).toBe(1795953600123)
    expect(map('{"short_message":"m","timestamp":"yesterday"}')['timestamp']).toBe('yesterday')
  })

  it('keeps members apart that would have one name', () => {
    const log = mapGelf({ ...base, _host: 'other', _version: 'v7', _: 1, ___proto__: 2 })
    const { attributes } = log as { attributes: JsonObject }
    expect(Object.entries(attributes)).toEqual([
      ['host', 'web-1'],
      ['_host', 'other'],
      ['version', 'v7'],
      ['_', 1],
      ['__proto__', 2],
    ])
  })

  it.each([
    ['{"short_message":{"a":1}}', '{"a":1}', { short_message: { a: 1 } }],
    ['{"full_message":"all"}', 'all', {}],
    ['{"message":"m"}', 'm', { message: 'm' }],
  ])('%s has a text', (text, message, attributes) => {
    expect(map(text)).toEqual({ message, attributes })
  })

  it.each([
    ['{"_a":1}', 'missing_field'],
    ['[]', 'invalid_field'],
    ['1', 'invalid_field'],
  ])('is not %s', (text, code) => {
    expect(() => map(text)).toThrow(expect.objectContaining({ code }))
  })

  it('whatever it holds, is a log with the columns that it says, or an AppError', () => {
    const name = fc.constantFrom(
      'short_message',
      'host',
      'level',
      'timestamp',
      '_level',
      '_app',
      '_x',
      'full_message',
    )
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), (sent) => {
        try {
          const log = mapGelf(sent as JsonValue)
          const columns = readLogColumns(log)
          expect(columns.message).toBe(log['message'])
          expect(columns.service).toBe(log['service'] ?? null)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
      { seed: 1, numRuns: 2000 },
    )
  })
})

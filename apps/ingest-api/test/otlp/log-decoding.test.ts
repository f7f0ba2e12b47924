import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { anyValue, attributes, text } from './arbitrary-values.ts'
import { decodeBody, eventsOf, logBodies, type LogsInit } from './otlp-bodies.ts'

const URL = '/v1/logs'
const TIME = 1_764_000_000_123_456_789n

/** One record, with a resource and a scope. */
function oneLog(record: object, resource: object = {}, more: object = {}): LogsInit {
  return {
    resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 's' }, logRecords: [record] }], ...more }],
  }
}

async function both(init: LogsInit) {
  const { json, protobuf } = logBodies(init)
  const events = await eventsOf('json', URL, json)
  expect(await eventsOf('protobuf', URL, protobuf)).toEqual(events)
  return events
}

const logRecord = fc.record({
  timeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  observedTimeUnixNano: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  severityNumber: fc.integer({ min: -3, max: 30 }),
  severityText: text,
  eventName: text,
  flags: fc.nat(),
  droppedAttributesCount: fc.nat(),
  traceId: fc.uint8Array({ maxLength: 16 }),
  spanId: fc.uint8Array({ maxLength: 8 }),
  body: anyValue.map(({ any }) => any),
  attributes: attributes.map((one) => one.attributes),
})

const container = fc.record({
  resource: fc.option(
    attributes.map((one) => ({ attributes: one.attributes })),
    { nil: undefined },
  ),
  schemaUrl: text,
  scopeLogs: fc.array(
    fc.record({
      scope: fc.option(fc.record({ name: text, version: text }), { nil: undefined }),
      schemaUrl: text,
      logRecords: fc.array(logRecord, { maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
})

describe('log records of OTLP', () => {
  it('are the same events in both encodings, whatever is in them', async () => {
    const requests = fc
      .array(container, { maxLength: 3 })
      .map((resourceLogs) => ({ resourceLogs }) as LogsInit)
    await fc.assert(
      fc.asyncProperty(requests, async (init) => {
        await both(init)
      }),
    )
  })

  it('keep every value of attributes and of the body exactly', async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, attributes, attributes, async (body, own, ofResource) => {
        const record = { timeUnixNano: TIME, body: body.any, attributes: own.attributes }
        const [event] = await both(oneLog(record, { attributes: ofResource.attributes }))
        expect(event).toMatchObject({ timestamp: '2025-11-24T16:00:00.123456789Z' })
        const { attributes: found, body: kept, message } = event as Record<string, unknown>
        expect(found).toEqual({ ...ofResource.json, ...own.json })
        expect(kept ?? message ?? null).toEqual(body.json)
      }),
    )
  })

  it('have the time of the record, else when it was observed, with all nine decimals', async () => {
    const at = (timeUnixNano: bigint, observedTimeUnixNano: bigint) =>
      both(oneLog({ timeUnixNano, observedTimeUnixNano })).then(([event]) => event)
    const [time, later] = ['2025-11-24T16:00:00.123456789Z', '2025-11-24T16:00:01.000000000Z']
    const laterNanos = 1_764_000_001_000_000_000n
    expect(await at(TIME, 0n)).toEqual({ timestamp: time, attributes: {}, scope: { name: 's' } })
    expect(await at(0n, TIME)).toEqual({ timestamp: time, attributes: {}, scope: { name: 's' } })
    expect(await at(TIME, laterNanos)).toMatchObject({ timestamp: time, observedTimestamp: later })
    expect(await at(0n, 0n)).toEqual({ attributes: {}, scope: { name: 's' } })
  })

  it.each([
    [1, { level: 'trace' }],
    [8, { level: 'debug', severityNumber: 8 }],
    [9, { level: 'info' }],
    [13, { level: 'warn' }],
    [17, { level: 'error' }],
    [24, { level: 'fatal', severityNumber: 24 }],
    [0, {}],
    [25, {}],
  ])('of severity %d have %j', async (severityNumber, expected) => {
    const [event] = await both(oneLog({ severityNumber, severityText: 'Warning' }))
    expect(event).toEqual({ attributes: {}, severityText: 'Warning', scope: { name: 's' }, ...expected })
  })

  it('have a message of the body, of the name of the event, or of the JSON of a body that is no text', async () => {
    const message = async (record: object) => {
      const [event] = await both(oneLog(record))
      const { message: found, body, eventName } = event as Record<string, unknown>
      return { message: found, body, eventName }
    }
    const textBody = { value: { case: 'stringValue', value: 'said' } }
    const number = { value: { case: 'intValue', value: 5n } }
    expect(await message({ body: textBody, eventName: 'e' })).toEqual({ message: 'said', eventName: 'e' })
    expect(await message({ body: number, eventName: 'e' })).toEqual({ message: 'e', body: 5, eventName: 'e' })
    expect(await message({ body: number })).toEqual({ message: '5', body: 5 })
    expect(await message({ eventName: 'e' })).toEqual({ message: 'e', eventName: 'e' })
    expect(await message({})).toEqual({})
  })

  it('have the service of their resource, and show what a record has replaced', async () => {
    const named = (key: string, value: string) => ({ key, value: { value: { case: 'stringValue', value } } })
    const resource = {
      attributes: [named('service.name', 'shop'), named('host', 'a')],
      droppedAttributesCount: 2,
    }
    expect(await both(oneLog({ attributes: [named('host', 'b')] }, resource, { schemaUrl: 'u' }))).toEqual([
      {
        service: 'shop',
        attributes: { host: 'b' },
        scope: { name: 's' },
        resource: { schemaUrl: 'u', droppedAttributesCount: 2, attributes: { host: 'a' } },
      },
    ])
    expect(await both(oneLog({ attributes: [named('service.name', 'own')] }, resource))).toEqual([
      {
        service: 'own',
        attributes: { host: 'a' },
        scope: { name: 's' },
        resource: { droppedAttributesCount: 2, attributes: { 'service.name': 'shop' } },
      },
    ])
  })

  it('of one name are one: the last one counts', async () => {
    const value = (n: bigint) => ({ key: 'twice', value: { value: { case: 'intValue', value: n } } })
    const [event] = await both(oneLog({ attributes: [value(1n), value(2n)] }))
    expect(event).toMatchObject({ attributes: { twice: 2 } })
  })
})

describe('JSON of OTLP', () => {
  const decode = async (record: string) => {
    const body = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record}]}]}]}`
    const { texts, rejected } = await decodeBody('json', URL, Buffer.from(body))
    return { events: texts.map((one) => JSON.parse(one) as unknown), rejected }
  }

  it('may have numbers or texts as integers, names of enumerations, other names and unknown members', async () => {
    const { events } = await decode(
      `{"time_unix_nano":"1764000000123456789","severity_number":"SEVERITY_NUMBER_WARN2","unknown":[{}],"flags":"1",
        "trace_id":"5B8EFFF798038103D269B633813FC60C","body":null,"attributes":[
        {"key":"a","value":{"intValue":9007199254740993}},{"key":"b","value":{"int_value":"9007199254740993"}},
        {"key":"c","value":{"intValue":5.0}},{"key":"d","value":{"doubleValue":"1.5"}},{"key":"e","value":{"bytesValue":"-_8"}},
        {"key":"f","value":{"doubleValue":1764000000000000000}},{"key":"g"}]}`,
    )
    expect(events).toEqual([
      {
        timestamp: '2025-11-24T16:00:00.123456789Z',
        level: 'warn',
        severityNumber: 14,
        traceId: '5b8efff798038103d269b633813fc60c',
        flags: 1,
        attributes: {
          a: '9007199254740993',
          b: '9007199254740993',
          c: 5,
          d: 1.5,
          e: '+/8=',
          f: 1764000000000000000,
          g: null,
        },
      },
    ])
  })

  it.each([
    ['{"timeUnixNano":"soon"}', 'invalid_field', 'timeUnixNano'],
    ['{"timeUnixNano":-1}', 'invalid_field', 'timeUnixNano'],
    ['{"timeUnixNano":18446744073709551616}', 'invalid_field', 'timeUnixNano'],
    ['{"severityNumber":"LOUD"}', 'invalid_field', 'severityNumber'],
    ['{"severityText":5}', 'invalid_field', 'severityText'],
    ['{"traceId":"xyz"}', 'invalid_field', 'traceId'],
    ['{"attributes":{}}', 'invalid_field', 'attributes'],
    ['{"attributes":[5]}', 'invalid_field', 'attributes'],
    ['{"body":{"doubleValue":1e400}}', 'invalid_field', 'doubleValue'],
    ['{"body":{"boolValue":"true"}}', 'invalid_field', 'boolValue'],
    ['{"body":{"bytesValue":"?"}}', 'invalid_field', 'bytesValue'],
    ['5', 'invalid_field', 'LogRecord'],
    [`{"body":${'{"arrayValue":{"values":['.repeat(120)}${']}}'.repeat(120)}}`, 'too_deep', undefined],
  ])('costs a record with %s only itself', async (record, code, field) => {
    const { events, rejected } = await decode(`{"severityNumber":1},${record},{"severityNumber":2}`)
    expect(events).toHaveLength(2)
    expect(rejected).toMatchObject([{ index: 1, code, ...(field !== undefined && { field }) }])
  })

  it.each([
    '{"resourceLogs":',
    '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{]}]}]}',
    '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}}]}]}',
    '{"resourceLogs":[],}',
    '{"resourceLogs":[]} 5',
    '{"resourceLogs":[{},]}',
    '[]',
    'x',
  ])('that is malformed is refused as a whole: %s', async (body) => {
    await expect(async () => decodeBody('json', URL, Buffer.from(body))).rejects.toMatchObject({
      code: 'bad_json',
    })
  })

  it('that is malformed where containers should be is refused as a whole', async () => {
    await expect(async () =>
      decodeBody('json', URL, Buffer.from('{"resourceLogs":{}}')),
    ).rejects.toMatchObject({
      code: 'invalid_field',
      details: { field: 'resourceLogs' },
    })
  })

  it('may hold nothing', async () => {
    for (const body of [
      '{}',
      '',
      ' ',
      '{"resourceLogs":null}',
      '{"resourceLogs":[{}]}',
      '{"resourceLogs":[{"scopeLogs":[{}]}]}',
      'null',
      '{"resourceLogs":[null]}',
      '{"resourceLogs":[{"resource":null,"scopeLogs":null}]}',
      '{"resourceLogs":[{"scopeLogs":[ null , {"scope":null,"logRecords":null}]}]}',
    ]) {
      expect(await decodeBody('json', URL, Buffer.from(body))).toMatchObject({ texts: [], rejected: [] })
    }
  })

  it('loses nothing for null in the place of what holds others', async () => {
    const records = '"logRecords":[{"body":{"stringValue":"a"},"attributes":null}]'
    const body = `{"resourceLogs":[null,{"scopeLogs":[null,{${records}},null]},null]}`
    expect((await decodeBody('json', URL, Buffer.from(body))).texts).toHaveLength(1)
  })

  it.each(['nul', 'nulls', '{"resourceLogs":[nul]}', '{"resourceLogs":[null1]}', 'null null'])(
    'is no JSON as %s',
    async (body) => {
      await expect(async () => decodeBody('json', URL, Buffer.from(body))).rejects.toMatchObject({
        code: 'bad_json',
      })
    },
  )
})

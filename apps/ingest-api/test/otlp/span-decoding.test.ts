import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { judgeItem } from '@runnel/contracts'
import { attributes, text } from './arbitrary-values.ts'
import { decodeBody, eventsOf, spanBodies, type SpansInit } from './otlp-bodies.ts'

const URL = '/v1/traces'
const TRACE = '5b8efff798038103d269b633813fc60c'
const SPAN = 'eee19b7ec3c1b174'
const START = 1_764_000_000_123_456_789n

const hex = (digits: string) => Buffer.from(digits, 'hex')

function oneSpan(span: object, resource: object = {}): SpansInit {
  const whole = {
    ...{ traceId: hex(TRACE), spanId: hex(SPAN), name: 'GET /' },
    ...{ startTimeUnixNano: START, endTimeUnixNano: START + 1_000_000_001n },
    ...span,
  }
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 's' }, spans: [whole] }] }] }
}

async function both(init: SpansInit) {
  const { json, protobuf } = spanBodies(init)
  const events = await eventsOf('json', URL, json)
  expect(await eventsOf('protobuf', URL, protobuf)).toEqual(events)
  return events
}

const someText = (value: string) => ({ value: { case: 'stringValue' as const, value } })

describe('spans of OTLP', () => {
  it('are the same events in both encodings, whatever is in them', async () => {
    const span = fc.record({
      traceId: fc.uint8Array({ maxLength: 16 }),
      spanId: fc.uint8Array({ maxLength: 8 }),
      parentSpanId: fc.uint8Array({ maxLength: 8 }),
      ...{ name: text, traceState: text, flags: fc.nat() },
      kind: fc.integer({ min: 0, max: 9 }),
      startTimeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      attributes: attributes.map((one) => one.attributes),
      events: fc.array(fc.record({ name: text, timeUnixNano: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }), {
        maxLength: 2,
      }),
      status: fc.record({ code: fc.integer({ min: 0, max: 5 }), message: text }),
    })
    await fc.assert(
      fc.asyncProperty(span, async (one) => {
        await both(oneSpan(one))
      }),
    )
  })

  it('keep their times to the nanosecond, and everything that they say', async () => {
    const attribute = { key: 'http.route', value: someText('/') }
    const [event] = await both(
      oneSpan(
        {
          ...{ parentSpanId: hex('00000000000000ff'), kind: 2, flags: 257, traceState: 'a=b' },
          status: { code: 2, message: 'too late' },
          attributes: [attribute],
          events: [{ timeUnixNano: START + 1n, name: 'retry', attributes: [attribute] }],
          links: [{ traceId: hex(TRACE), spanId: hex(SPAN), attributes: [attribute] }],
          ...{ droppedAttributesCount: 1, droppedEventsCount: 2, droppedLinksCount: 3 },
        },
        {
          attributes: [
            { key: 'service.name', value: someText('shop') },
            { key: 'host', value: someText('a') },
          ],
        },
      ),
    )
    expect(event).toEqual({
      ...{ traceId: TRACE, spanId: SPAN, parentSpanId: '00000000000000ff', name: 'GET /' },
      ...{ service: 'shop', kind: 'server', status: { code: 'error', message: 'too late' } },
      startTime: '2025-11-24T16:00:00.123456789Z',
      endTime: '2025-11-24T16:00:01.123456790Z',
      attributes: { 'http.route': '/' },
      events: [{ time: '2025-11-24T16:00:00.123456790Z', name: 'retry', attributes: { 'http.route': '/' } }],
      links: [{ traceId: TRACE, spanId: SPAN, attributes: { 'http.route': '/' } }],
      ...{ traceState: 'a=b', flags: 257 },
      ...{ droppedAttributesCount: 1, droppedEventsCount: 2, droppedLinksCount: 3 },
      ...{ resource: { host: 'a' }, scope: { name: 's' } },
    })
    expect(() => judgeItem('traces', 'upsert', event as never, 'posted')).not.toThrow()
  })

  it('of a root without a kind and a status are unspecified and unset', async () => {
    const [event] = await both(oneSpan({ parentSpanId: hex('0000000000000000') }))
    expect(event).toMatchObject({ kind: 'unspecified', status: { code: 'unset' } })
    expect(event).not.toHaveProperty('parentSpanId')
  })

  it('cost themselves alone where they cannot be read', async () => {
    const body = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"xyz"},{"name":"b"}]}]}]}`
    const { texts, rejected } = await decodeBody('json', URL, Buffer.from(body))
    expect(texts).toHaveLength(1)
    expect(rejected).toMatchObject([{ kind: 'traces', index: 0, field: 'traceId' }])
  })
})

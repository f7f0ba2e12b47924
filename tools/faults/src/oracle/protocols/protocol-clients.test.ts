import { create, toBinary } from '@bufbuild/protobuf'
import { ExportLogsServiceResponseSchema } from '@runnel/wire/opentelemetry/collector/logs/v1/logs_service'
import { describe, expect, it } from '@jest/globals'
import { PROTOCOL_MODES, type ProtocolMode } from '../delivery-modes.ts'
import { EventLedger } from '../event-ledger.ts'
import type { ProtocolEvent } from './protocol-client.ts'
import { PROTOCOL_CLIENTS, toProtocolEvent } from './protocol-clients.ts'

/** Four events, of which the last one is malformed. */
function eventsOf(mode: ProtocolMode): ProtocolEvent[] {
  const ledger = new EventLedger('run')
  const events = Array.from({ length: 4 }, () => ledger.add(mode, PROTOCOL_CLIENTS[mode].kind))
  return events.map(({ id, name }) => toProtocolEvent(id, name))
}

function judge(
  mode: ProtocolMode,
  status: number,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  events = eventsOf(mode),
) {
  return PROTOCOL_CLIENTS[mode].judge(
    { status, headers: new Headers(headers), bytes: Buffer.from(body) },
    events,
  )
}

const GOOD = { accepted: [0, 1, 2], refused: [3] }
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }
const PROTOBUF_TYPE = { 'content-type': 'application/x-protobuf' }
const PRODUCT = { 'x-elastic-product': 'Elasticsearch' }
const LATER = { 'retry-after': '2' }

describe.each(PROTOCOL_MODES)('a client of %s', (mode) => {
  it('sends the same bytes for the same events, and other ones for others', () => {
    const [first, second] = [eventsOf(mode), eventsOf(mode)]
    const { encode } = PROTOCOL_CLIENTS[mode]
    expect(Buffer.from(encode(first)).equals(Buffer.from(encode(second)))).toBe(true)
    expect(Buffer.from(encode(first)).equals(Buffer.from(encode(first.slice(1))))).toBe(false)
  })

  it('comes again when it was asked to, and takes 400 and 500 for wrong', () => {
    const type = mode === 'otlp-json' ? JSON_TYPE : PROTOBUF_TYPE
    const headers = { ...type, ...PRODUCT }
    const later = judge(mode, 503, '', { ...headers, ...LATER })
    expect(later).toEqual({ what: '503', accepted: 'none', deadLettered: false, retryAfterMs: 2000 })
    expect(judge(mode, 503, '', headers).wrongAnswer).toBe('503 without Retry-After')
    expect(judge(mode, 400, 'why', headers)).toMatchObject({ wrongAnswer: '400 why', isDropped: true })
    expect(judge(mode, 500, 'why', headers).wrongAnswer).toBe('500 why')
  })
})

describe('an answer of OTLP', () => {
  const partial = (rejected: number) =>
    toBinary(
      ExportLogsServiceResponseSchema,
      create(ExportLogsServiceResponseSchema, { partialSuccess: { rejectedLogRecords: BigInt(rejected) } }),
    )

  it('accepts all but as many as it names', () => {
    expect(judge('otlp-protobuf', 200, partial(1), PROTOBUF_TYPE)).toMatchObject(GOOD)
    for (const rejected of ['"1"', '1'])
      expect(
        judge('otlp-json', 200, `{"partialSuccess":{"rejectedLogRecords":${rejected}}}`, JSON_TYPE),
      ).toMatchObject(GOOD)
    const good = eventsOf('otlp-json').slice(0, 3)
    expect(judge('otlp-json', 200, '{}', JSON_TYPE, good)).toMatchObject({ accepted: [0, 1, 2], refused: [] })
  })

  it.each<[string, () => ReturnType<typeof judge>, RegExp]>([
    ['accepts what is malformed', () => judge('otlp-json', 200, '{}', JSON_TYPE), /rejects 0 of 4/],
    ['refuses good ones', () => judge('otlp-protobuf', 200, partial(2), PROTOBUF_TYPE), /rejects 2 of 4/],
    ['is malformed', () => judge('otlp-json', 200, '{', JSON_TYPE), /is malformed/],
    ['is of another type', () => judge('otlp-json', 200, '{}', PROTOBUF_TYPE), /200 as application/],
    ['is of no type', () => judge('otlp-json', 503, '', LATER), /503 as undefined/],
  ])('is wrong where it %s', (_, answer, wrongAnswer) => {
    expect(answer()).toMatchObject({ accepted: 'none', wrongAnswer: expect.stringMatching(wrongAnswer) })
  })
})

describe('an answer of bulk', () => {
  const body = (...statuses: number[]) => {
    const items = eventsOf('bulk').map(({ id }, at) => ({ create: { _id: id, status: statuses[at] } }))
    return JSON.stringify({ errors: true, items: items.slice(0, statuses.length) })
  }

  it('says of each document what became of it', () => {
    expect(judge('bulk', 200, body(201, 409, 201, 400), PRODUCT)).toMatchObject(GOOD)
    expect(judge('bulk', 200, body(201, 429, 503, 400), PRODUCT)).toMatchObject({
      accepted: [0],
      refused: [3],
    })
  })

  it.each<[string, () => ReturnType<typeof judge>, RegExp]>([
    ['takes what is malformed', () => judge('bulk', 200, body(201, 201, 201, 201), PRODUCT), /bulk\.logs\.3/],
    ['refuses a good one', () => judge('bulk', 200, body(201, 400, 201, 400), PRODUCT), /rejected: \S+\.1:/],
    ['leaves one out', () => judge('bulk', 200, body(201, 201, 201), PRODUCT), /has not 4 items/],
    ['has none', () => judge('bulk', 200, '{}', PRODUCT), /has not 4 items/],
    [
      'names others',
      () => judge('bulk', 200, body(201, 201, 201, 400).replace('.1"', '.9"'), PRODUCT),
      /names other/,
    ],
    ['has no name of the product', () => judge('bulk', 200, body(201, 201, 201, 400)), /X-Elastic-Product/],
    ['is 429 as a whole', () => judge('bulk', 429, 'why', { ...PRODUCT, ...LATER }), /429 why/],
  ])('is wrong where it %s', (_, answer, wrongAnswer) => {
    expect(answer().wrongAnswer).toMatch(wrongAnswer)
  })
})

describe('an answer of remote write', () => {
  it('accepts what is well-formed', () => {
    expect(judge('remote-write', 204, '')).toMatchObject(GOOD)
  })

  it('may not be 429', () => {
    expect(judge('remote-write', 429, 'why', LATER)).toMatchObject({
      accepted: 'none',
      wrongAnswer: '429 why',
    })
  })
})

describe('an answer to a batch of CloudEvents', () => {
  const refused = (...indexes: number[]) => indexes.map((index) => ({ index }))

  it('names what was refused', () => {
    const body = JSON.stringify({ accepted: 3, rejected: refused(3) })
    expect(judge('cloud-events', 202, body)).toMatchObject(GOOD)
  })

  it('names what the broker has, where it has not all', () => {
    const body = JSON.stringify({ code: 'partly_accepted', accepted: [0, 2] })
    expect(judge('cloud-events', 503, body, LATER)).toMatchObject({ accepted: [0, 2], retryAfterMs: 2000 })
  })

  it.each<[string, unknown, RegExp]>([
    ['takes what is malformed', { accepted: 4, rejected: [] }, /malformed events were accepted/],
    ['refuses a good one', { accepted: 2, rejected: refused(0, 3) }, /rejected: run\.cloud-events\.logs\.0:/],
    ['counts others', { accepted: 4, rejected: refused(3) }, /does not accept 3/],
    ['is no object', 'x', /does not accept/],
  ])('is wrong where it %s', (_, body, wrongAnswer) => {
    expect(judge('cloud-events', 202, JSON.stringify(body)).wrongAnswer).toMatch(wrongAnswer)
  })
})

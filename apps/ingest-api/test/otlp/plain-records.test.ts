import { expect, it } from '@jest/globals'
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import type { KeyValueSchema } from '@runnel/wire/opentelemetry/common/v1/common'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { LogRecordSchema, type SeverityNumber } from '@runnel/wire/opentelemetry/logs/v1/logs'
import { MetricSchema, NumberDataPointSchema } from '@runnel/wire/opentelemetry/metrics/v1/metrics'
import { ResourceSchema } from '@runnel/wire/opentelemetry/resource/v1/resource'
import fc from 'fast-check'
import { logSignal } from '../../src/formats/otlp/log-signal.ts'
import { metricSignal } from '../../src/formats/otlp/metric-signal.ts'
import type { MessageSource } from '../../src/formats/otlp/message-source.ts'
import { decodeRequest } from '../../src/formats/otlp/decode-request.ts'
import { openProtobuf } from '../../src/formats/otlp/protobuf-source.ts'
import type { OtlpSignal } from '../../src/formats/otlp/signal.ts'
import { allTexts } from '../../src/written-texts.ts'
import { anyValue } from './arbitrary-values.ts'
import { LIMITS } from './otlp-bodies.ts'

type KeyValueInit = MessageInitShape<typeof KeyValueSchema>

/** Mostly the first, so that whole records are plain often enough. */
const mostly = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: other })

const key = mostly(
  fc.constantFrom('a', 'b', 'http.route', 'ü'),
  fc.constantFrom('service.name', '7', '__proto__', ''),
)
const text = mostly(
  fc.constantFrom('GET', '/orders/:id', '', 'q"\\\n', 'ü😀', 'x'.repeat(60)),
  fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('nul\0')),
)
const scalar = mostly<KeyValueInit['value']>(
  fc.oneof(
    text.map((value) => ({ value: { case: 'stringValue' as const, value } })),
    fc.nat().map((value) => ({ value: { case: 'intValue' as const, value: BigInt(value) } })),
    fc.boolean().map((value) => ({ value: { case: 'boolValue' as const, value } })),
    fc.constantFrom(0.5, -1.25, 1e20).map((value) => ({ value: { case: 'doubleValue' as const, value } })),
  ),
  anyValue.map(({ any }) => any),
)
const attributes = fc
  .array(fc.record({ key, value: scalar }), { maxLength: 3 })
  .map((all) => [...new Map(all.map((one) => [one.key, one])).values()])
const time = fc.oneof(
  fc.constantFrom(0n, 1n, 999_999_999n, 1_795_953_600_000_000_001n, 2n ** 64n - 1n),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
)
const bytes = fc.uint8Array({ maxLength: 16 })

const logRecord = fc
  .record({
    attributes,
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: mostly(
      fc.nat({ max: 24 }),
      fc.integer({ min: -9, max: 99 }),
    ) as fc.Arbitrary<SeverityNumber>,
    severityText: text,
    body: mostly<KeyValueInit['value']>(
      text.map((value) => ({ value: { case: 'stringValue' as const, value } })),
      scalar,
    ),
    eventName: mostly(fc.constant(''), text),
    droppedAttributesCount: mostly(fc.constant(0), fc.nat()),
    traceId: bytes,
    spanId: bytes,
    flags: fc.nat(),
  })
  .map((one) => toBinary(LogRecordSchema, create(LogRecordSchema, one)))

const resource = attributes.map((all) =>
  toBinary(ResourceSchema, create(ResourceSchema, { attributes: all })),
)

const point = fc
  .record({
    attributes,
    timeUnixNano: time,
    startTimeUnixNano: time,
    value: fc.oneof(
      fc.double().map((value) => ({ case: 'asDouble' as const, value })),
      fc
        .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
        .map((value) => ({ case: 'asInt' as const, value })),
      fc.integer().map((value) => ({ case: 'asInt' as const, value: BigInt(value) })),
      fc.constantFrom(-0, 0, 2 ** 53).map((value) => ({ case: 'asDouble' as const, value })),
    ),
    flags: mostly(fc.constant(0), fc.nat()),
    exemplars: mostly<{ timeUnixNano: bigint }[]>(fc.constant([]), fc.constant([{ timeUnixNano: 1n }])),
  })
  .map((one) => toBinary(NumberDataPointSchema, create(NumberDataPointSchema, one)))

const metricHead = toBinary(MetricSchema, create(MetricSchema, { name: 'up', unit: 's', description: 'd' }))

/** A sum with points. */
function metricOf(points: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([metricHead, fields(7, [fields(1, points)])])
}

/** Fields that hold messages, one behind the other. */
function fields(number: number, messages: readonly Uint8Array[]): Uint8Array {
  const writer = new BinaryWriter()
  for (const message of messages) writer.tag(number, WireType.LengthDelimited).bytes(message)
  return writer.finish()
}

/** A request whose records are now and then two that become one, or have a byte changed. */
function requestOf(
  record: fc.Arbitrary<Uint8Array>,
  toScope = (records: readonly Uint8Array[]) => fields(2, records),
): fc.Arbitrary<Buffer> {
  const merged = fc.tuple(record, record).map((both) => Buffer.concat(both))
  const changed = fc.tuple(record, fc.nat(), fc.integer({ min: 1, max: 255 })).map(([bytes, at, change]) => {
    const copy = Buffer.from(bytes)
    if (copy.length > 0) copy[at % copy.length]! ^= change
    return copy
  })
  const records = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: record },
      { weight: 1, arbitrary: merged },
      { weight: 1, arbitrary: changed },
    ),
    { maxLength: 4 },
  )
  return fc
    .tuple(resource, records)
    .map(([ofResource, all]) =>
      Buffer.from(fields(1, [Buffer.concat([fields(1, [ofResource]), fields(2, [toScope(all)])])])),
    )
}

/** What a body is decoded to, and how many messages were read for it. */
function decodeAll(signal: OtlpSignal, body: Buffer, asMessages: boolean) {
  const source = openProtobuf(body, LIMITS.eventLimitBytes)
  let messages = 0
  const counted: MessageSource<Uint8Array> = {
    ...source,
    ...(asMessages && { protobufOf: () => undefined }),
    read: (schema, piece) => {
      messages++
      return source.read(schema, piece)
    },
  }
  const steps = decodeRequest(signal, counted, LIMITS, false)
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done !== true) continue
    const { texts, plain, indexes, rejected, hasTimes } = step.value
    return { decoded: { texts: allTexts(texts), plain, indexes, rejected, hasTimes }, messages }
  }
}

/** Those of records that are written from their bytes, and of all as messages. */
function expectSame(signal: OtlpSignal, requests: fc.Arbitrary<Buffer>): void {
  const messages = { least: 0, most: 0 }
  fc.assert(
    fc.property(requests, (body) => {
      const [fromBytes, fromMessages] = [decodeAll(signal, body, false), decodeAll(signal, body, true)]
      expect(fromBytes.decoded).toEqual(fromMessages.decoded)
      messages.least += fromBytes.messages
      messages.most += fromMessages.messages
    }),
    { seed: 1, numRuns: 1000 },
  )
  expect(messages.least).toBeLessThan(messages.most * 0.9)
}

it('logs that are written from their bytes are those that are read as messages', () => {
  expectSame(logSignal, requestOf(logRecord))
})

it('points that are written from their bytes are those that are read as messages', () => {
  expectSame(
    metricSignal,
    requestOf(point, (points) => fields(2, [metricOf(points)])),
  )
})

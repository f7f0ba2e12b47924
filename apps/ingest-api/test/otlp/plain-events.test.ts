import { expect, it } from '@jest/globals'
import { create, toBinary, type Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import { ExportLogsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/logs/v1/logs_service'
import { ExportMetricsServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/metrics/v1/metrics_service'
import { messageOf } from '@runnel/wire/test/message-of'
import fc from 'fast-check'
import { admit } from '../../src/admit.ts'
import { textsOf } from '../../src/admitted-events.ts'
import { allTexts } from '../../src/written-texts.ts'
import { otlpProtobuf } from '../../src/formats/otlp/otlp-format.ts'
import type { DecodedBody } from '../../src/wire-format.ts'

const LIMITS = { maxItems: 1000, bodyLimitBytes: 1e6, textsLimitChars: 1e7, eventLimitBytes: 4000 }

/** Names and values that attributes, messages and services may have, and some that nothing may. */
const text = fc.constantFrom(
  ...['service.name', 'service', 'a', 'b', '7', '__proto__', 'nul\0', 'q"\\\n', 'ü😀', 'x'.repeat(600), ''],
)
const anyValue = fc.oneof(
  text.map((value) => ({ case: 'stringValue' as const, value })),
  fc.double().map((value) => ({ case: 'doubleValue' as const, value })),
  fc
    .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    .map((value) => ({ case: 'intValue' as const, value })),
  text.map((value) => ({
    case: 'arrayValue' as const,
    value: { values: [{ value: { case: 'stringValue' as const, value } }] },
  })),
)
const attributes = fc.array(fc.record({ key: text, value: anyValue.map((value) => ({ value })) }), {
  maxLength: 3,
})
const resource = attributes.map((all) => ({ attributes: all }))
const time = fc.constantFrom(0n, 1_795_953_600_000_000_001n)

const logs = fc
  .record({
    resource,
    logRecords: fc.array(
      fc.record({
        attributes,
        timeUnixNano: time,
        body: anyValue.map((value) => ({ value })),
        severityText: text,
        eventName: fc.oneof(fc.constant(''), text),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ logRecords, ...one }) =>
    create(ExportLogsServiceRequestSchema, { resourceLogs: [{ ...one, scopeLogs: [{ logRecords }] }] }),
  )

const metrics = fc
  .record({
    resource,
    name: fc.oneof(fc.constant('up'), text),
    unit: text,
    dataPoints: fc.array(
      fc.record({
        attributes,
        timeUnixNano: time,
        value: fc.double().map((value) => ({ case: 'asDouble' as const, value })),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ dataPoints, name, unit, ...one }) => {
    const metric = { name, unit, data: { case: 'gauge' as const, value: { dataPoints } } }
    const scopeMetrics = [{ metrics: [metric] }]
    return create(ExportMetricsServiceRequestSchema, { resourceMetrics: [{ ...one, scopeMetrics }] })
  })

const admitAll = async (body: DecodedBody) => {
  const options = { nextId: () => 'id', eventLimitBytes: LIMITS.eventLimitBytes, keyForm: 'item' } as const
  const { admitted, rejected } = await admit(body, undefined, options)
  return { admitted: textsOf(admitted), indexes: admitted.indexes, rejected }
}

/** @param requests of the schema, chosen and of any kind */
async function expectPlain(
  url: string,
  schema: GenMessage<Message>,
  requests: fc.Arbitrary<Message>,
): Promise<void> {
  const route = otlpProtobuf.routes.find((one) => one.url === url)!
  let plain = 0
  await fc.assert(
    fc.asyncProperty(fc.oneof(requests, messageOf(schema, 5)), async (sent) => {
      const bytes = Buffer.from(toBinary(schema, sent))
      const body = await route.decode(bytes, { url, headers: {}, query: {}, params: {} }, LIMITS)
      const texts = allTexts(body.texts)
      plain += body.plain!.filter(Boolean).length
      // Without values as well, as they are where a body is large.
      const read = await admitAll({
        context: undefined,
        form: 'records',
        kinds: body.kinds,
        texts,
        ...pick(body),
      })
      expect(await admitAll({ ...body, texts })).toEqual(read)
      expect(await admitAll(body)).toEqual(read)
    }),
    { seed: 1, numRuns: 300, endOnFailure: true },
  )
  expect(plain).toBeGreaterThan(100)
}

/** What names the events and says which were refused before. */
function pick({ indexes, rejected, bodyKey }: DecodedBody): Partial<DecodedBody> {
  return { indexes: indexes!, rejected: rejected!, ...(bodyKey !== undefined && { bodyKey }) }
}

it('what admission does not read of logs it would take as it is', async () => {
  await expectPlain('/v1/logs', ExportLogsServiceRequestSchema, logs)
})

it('what admission does not read of metrics it would take as it is', async () => {
  await expectPlain('/v1/metrics', ExportMetricsServiceRequestSchema, metrics)
})

import { expect, it } from '@jest/globals'
import { create, toBinary } from '@bufbuild/protobuf'
import { WriteRequestSchema } from '@runnel/wire/prometheus/remote'
import fc from 'fast-check'
import { admit } from '../../admit.ts'
import { textsOf } from '../../admitted-events.ts'
import type { DecodedBody } from '../../wire-format.ts'
import { allTexts } from '../../written-texts.ts'
import { decodeRemoteWrite } from './decode-remote-write.ts'

const LIMITS = { maxItems: 1000, bodyLimitBytes: 1e6, textsLimitChars: 1e6, eventLimitBytes: 2000 }

const text = fc.oneof(
  fc.constantFrom('', 'job', 'instance', 'tenant', '__proto__', '7', 'a"b', 'nul\0', 'Köln', 'x'.repeat(600)),
  fc.string({ unit: 'binary', maxLength: 8 }).map((one) => one.toWellFormed()),
)
const label = fc.record({ name: text, value: text })
/** The first and the last time that an event may have, and those beyond. */
const times = [-62135596800001n, -62135596800000n, 253402300799999n, 253402300800000n, 9n * 10n ** 15n]
const sample = fc.record({
  value: fc.oneof(fc.double(), fc.constantFrom(0, -0, 1e-7, 1e300)),
  timestamp: fc.oneof(fc.constantFrom(...times), fc.bigInt({ min: 0n, max: 2n ** 42n })),
})
const timeseries = fc.array(
  fc.record({
    labels: fc.array(label, { maxLength: 4 }).map((labels) => [{ name: '__name__', value: 'up' }, ...labels]),
    samples: fc.array(sample, { maxLength: 3 }),
    exemplars: fc.array(fc.record({ labels: fc.array(label, { maxLength: 2 }) }), { maxLength: 1 }),
  }),
  { maxLength: 4 },
)

const admitAll = async (body: DecodedBody) => {
  const options = { nextId: () => 'id', eventLimitBytes: LIMITS.eventLimitBytes, keyForm: 'item' } as const
  const { admitted, rejected } = await admit(body, undefined, options)
  return { admitted: textsOf(admitted), indexes: admitted.indexes, rejected }
}

it('what admission does not read it would take as it is', async () => {
  let plain = 0
  await fc.assert(
    fc.asyncProperty(timeseries, fc.constantFrom(undefined, 'acme', 'a"b'), async (series, tenant) => {
      const bytes = toBinary(WriteRequestSchema, create(WriteRequestSchema, { timeseries: series }))
      const headers = tenant === undefined ? {} : { 'x-scope-orgid': tenant }
      const request = { headers, url: '/api/v1/write', query: {}, params: {} }
      const body = await decodeRemoteWrite(Buffer.from(bytes), request, LIMITS)
      plain += body.plain!.filter(Boolean).length
      const texts = allTexts(body.texts)
      expect(await admitAll(body)).toEqual(await admitAll({ ...body, texts, plain: [] }))
    }),
    { seed: 1, numRuns: 500 },
  )
  expect(plain).toBeGreaterThan(100)
})

import { describe, expect, it } from '@jest/globals'
import { AppError, createEventIds, type JsonValue } from '@runnel/contracts'
import fc from 'fast-check'
import { admit } from '../../admit.ts'
import type { DecodedBody, DecodeLimits } from '../../wire-format.ts'
import { mapRecords } from '../shared/map-records.ts'
import { decodePlainPush, type PlainPushEvents } from './decode-plain-push.ts'
import { readJsonPush } from './read-json-push.ts'
import { toLogEvent } from './to-log-event.ts'
import { allTexts } from '../../written-texts.ts'

const LIMITS: DecodeLimits = {
  ...{ maxItems: 100, bodyLimitBytes: 1e6, eventLimitBytes: 200_000, textsLimitChars: 1e7 },
}

/** @returns undefined of a push that has to be read as a whole */
function readPlain(bytes: Buffer, tenant: string, limits = LIMITS): PlainPushEvents | undefined {
  const steps = decodePlainPush(bytes, tenant, limits)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

async function readByValues(bytes: Buffer, tenant: string, limits = LIMITS): Promise<DecodedBody> {
  const entries = readJsonPush(bytes, limits)
  const map = (entry: Parameters<typeof toLogEvent>[0]) => [
    { kind: 'logs' as const, item: toLogEvent(entry, tenant) },
  ]
  return mapRecords(entries, { map, kind: 'logs', limits, context: undefined })
}

const admitted = (body: Pick<DecodedBody, 'texts' | 'plain' | 'indexes'>) =>
  admit({ form: 'records', kinds: 'logs', context: undefined, ...body }, undefined, {
    nextId: createEventIds(() => 0),
    eventLimitBytes: LIMITS.eventLimitBytes,
    keyForm: 'item',
  })

const text = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('a', 'web-1', 'info', 'WARN', '', ' ', 'm', '30', 'level=warn msg=x'),
  },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom('"', '\\', '\n', '/', '{', '}', 'é', '😀', '\u0000', 'x') }),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
)
const name = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ...['level', 'severity', 'service', 'service_name', 'app', 'name', 'msg', 'message', 'short_message'],
      ...['log', 'host', 'fields', 'time', 'a', 'b', 'env', 'tenant'],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('a_extracted', 'level_extracted', '__proto__', '1', '', 'é', 'a"', 'eventId'),
  },
)
/** As some writer might write them. */
const number = fc.constantFrom(
  ...[
    '0',
    '-0',
    '1.5',
    '30',
    '1.50',
    '0.0',
    '-0.5',
    '0.000001',
    '0.0000001',
    '1e3',
    '123456789012345678',
    '01',
  ],
  ...['0.1234567890123456789', '9'.repeat(101), '1.7976931348623157', '100000000000000000000000'],
)
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(
      text.map((one) => JSON.stringify(one)),
      number,
      fc.constantFrom('true', 'null', '"\\/"', '"\\u0041"', '[ ]'),
    ),
    fc.array(tie('value'), { maxLength: 2 }).map((all) => `[${all.join(',')}]`),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map(writeObject),
  ),
}))

function writeObject(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([one, of]) => `${JSON.stringify(one)}:${of}`).join(',')}}`
}

/** As loggers do, with labels as members. */
const ordinary = fc
  .dictionary(
    fc.constantFrom('level', 'service', 'app', 'msg', 'message', 'log', 'env', 'time', 'a', 'tenant'),
    fc.constantFrom<JsonValue>('info', 'web-1', 'a', '', 'é', 30, 1.5, null, { level: 'warn' }, [
      1,
      { a: '"' },
    ]),
    { maxKeys: 5, noNullPrototype: true },
  )
  .map((object) => JSON.stringify(object))

const line = fc.oneof(
  { weight: 12, arbitrary: ordinary },
  { weight: 6, arbitrary: fc.array(fc.tuple(name, value), { maxLength: 6 }).map(writeObject) },
  { weight: 2, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc.constantFrom(' {"a":1}', '{"a":1} ', '\ufeff{"a":1}', '{', '{"a":1}x', '\u00a0{}'),
  },
)
const time = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('"1795953600123456789"', '"1795953600000000000"') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"0"',
      '"x"',
      '1795953600123456789',
      '"0795953600123456789"',
      '"18446744073709551616"',
    ),
  },
)
const entry = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(time, line).map(([at, of]) => `[${at},${JSON.stringify(of)}]`) },
  { weight: 1, arbitrary: fc.tuple(time, value).map(([at, of]) => `[${at},"line",${of}]`) },
  { weight: 1, arbitrary: fc.constantFrom('[]', '1', '["1"]', '{}') },
)
const labels = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .uniqueArray(fc.tuple(name, fc.constantFrom('"info"', '"web-1"', '"a"', '""', '"é"')), {
        maxLength: 4,
        selector: ([of]) => of,
      })
      .map(writeObject),
  },
  { weight: 1, arbitrary: value },
)
const stream = fc
  .tuple(labels, fc.array(entry, { maxLength: 3 }))
  .map(([of, entries]) => `{"stream":${of},"values":[${entries.join(',')}]}`)
const push = fc
  .tuple(
    fc.array(stream, { maxLength: 3 }),
    fc.nat(300),
    fc.constantFrom('', '', '', '', ' ', '"', '\\', '}', '\n'),
  )
  .map(([streams, where, put]) => {
    const written = `{"streams":[${streams.join(',')}]}`.toWellFormed()
    const at = where % (written.length + 1)
    return written.slice(0, at) + put + written.slice(at)
  })

describe('a push as most clients write it', () => {
  it('becomes the same events as by its values, of which admission has nothing to say', async () => {
    let [pushes, plain] = [0, 0]
    await fc.assert(
      fc.asyncProperty(push, fc.constantFrom('', '', 'team a', 'é"'), async (written, tenant) => {
        const bytes = Buffer.from(written)
        const read = readPlain(bytes, tenant)
        if (read === undefined) return
        pushes++
        const { texts, rejected } = await readByValues(bytes, tenant)
        const own = allTexts(read.texts)
        expect([own, read.rejected]).toEqual([texts, rejected])
        expect(read.hasTimes).toBe(allTexts(texts).every((one) => one.startsWith('{"timestamp"')))
        const all = await admitted({ texts: own, indexes: read.indexes })
        const some = await admitted({ texts: read.texts, indexes: read.indexes, plain: read.plain })
        expect(some.admitted.length).toBe(all.admitted.length)
        expect(some.rejected).toEqual(all.rejected)
        plain += read.plain.filter((is) => is).length
      }),
      { seed: 5, numRuns: 3000 },
    )
    expect(pushes).toBeGreaterThan(1000)
    expect(plain).toBeGreaterThan(1000)
  })

  const pushOf = (...lines: string[]) =>
    Buffer.from(
      JSON.stringify({
        streams: [{ stream: { env: 'a' }, values: lines.map((one) => ['1795953600123456789', one]) }],
      }),
    )

  it('is read so whatever its lines say, unless one of them is no text', () => {
    const read = (bytes: Buffer) => readPlain(bytes, '')?.plain
    expect(read(pushOf('', 'text', '{"msg":"m","n":{"a":[1.5,"é"]}}', 'a "quoted" \\ line\n'))).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(read(pushOf('{"a":1, "b":2}', '{"a":1e3}', '{"a":1,"a":2}'))).toEqual([false, false, false])
    expect(read(Buffer.from('{"streams":[]}'))).toEqual([])
  })

  it.each([
    '{"streams": []}',
    '{"streams":[]} ',
    '{"streams":[{"values":[],"stream":{}}]}',
    '{"streams":[{"stream":{"a":1},"values":[]}]}',
    '{"streams":[{"stream":{"a":"1","a":"2"},"values":[]}]}',
    '{"streams":[{"stream":{},"values":[["1","x"],]}]}',
    '{"streams":[{"stream":{},"values":[["1","x"]]}',
    '{"streams":[{"stream":{"a":"',
    '{"streams":[{"stream":{},"values":[["1795953600123456789","x\\"',
    '',
  ])('is nothing else: %s', (written) => {
    expect(readPlain(Buffer.from(written), '')).toBeUndefined()
  })

  it('refuses an entry whose time is an object, whatever that holds', async () => {
    const bytes = Buffer.from('{"streams":[{"stream":{},"values":[[{"toString":0},"x"],[["1"],"x"]]}]}')
    const refused = [0, 1].map((index) => expect.objectContaining({ index, code: 'invalid_field' }))
    expect(readPlain(bytes, '')?.rejected).toEqual(refused)
    expect((await readByValues(bytes, '')).rejected).toEqual(refused)
  })

  it('is read in another way where it has more than a body may, whose error that is', () => {
    expect(readPlain(pushOf('a', 'b', 'c'), '', { ...LIMITS, maxItems: 2 })).toBeUndefined()
    expect(() => readPlain(pushOf('a', 'b'), '', { ...LIMITS, textsLimitChars: 100 })).toThrow(AppError)
  })
})

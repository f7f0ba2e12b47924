import { expect, it } from '@jest/globals'
import { AppError, type Kind } from '@runnel/contracts'
import fc from 'fast-check'
import { admit } from '../../../admit.ts'
import { textsOf, type Admission } from '../../../admitted-events.ts'
import type { DecodedBody } from '../../../wire-format.ts'
import { readBulk } from '../../elastic-bulk/read-bulk.ts'
import { splitArray } from '../../split-array.ts'
import { splitLines } from '../../split-lines.ts'
import { splitPlainArray } from '../../split-plain-array.ts'

const limits = { eventLimitBytes: 8000, bodyLimitBytes: 1e6, textsLimitChars: 1e6, maxItems: 100 }

const named = (names: readonly string[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...names.map((name) => JSON.stringify(name))) },
    { weight: 1, arbitrary: fc.constantFrom('"a\\n"', '"\\u006cevel"', '"é"', '"__proto__"', 'x') },
  )

/** Values near all limits that there are for one. */
const odd = fc.oneof(
  fc.constantFrom('30', '1.50', '-0', '1e5', '1e400', 'null', 'true', '{"name":"a"}', '["a",1]', '{}', '""'),
  fc.constantFrom('"\\n"', '"\\u0000"', '"\\ud800"', '"\\u00e9"', '"😀"', '9'.repeat(101), '[1', '}', '01'),
  fc.integer({ min: 505, max: 520 }).map((length) => `"${'x'.repeat(length)}"`),
  fc.integer({ min: 165, max: 175 }).map((length) => `"${'€'.repeat(length)}"`),
  fc.integer({ min: 60, max: 66 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
)
const time = fc.constantFrom(
  ...['"2026-11-30T10:00:00Z"', '"2026-11-30"', '"2026-02-30"', '"soon"', '1796015790', '1796015790501'],
  ...[
    '17960157905010000',
    '1796015790.5',
    '99999999999999',
    '"1796015790"',
    '-1',
    '"\\u0032026-11-30"',
    '1e9',
  ],
)
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('"info"', '1.5', '"k"') },
  { weight: 1, arbitrary: odd },
)

const objectOf = (member: fc.Arbitrary<readonly [string, string]>) =>
  fc
    .tuple(
      fc.array(member, { maxLength: 4 }),
      fc.constantFrom('{', '{', '{', '{', ' {', '\ufeff{', '[', ''),
      fc.constantFrom('}', '}', '}', '}', '} ', '},', ''),
    )
    .map(([all, start, end]) => start + all.map(([name, written]) => `${name}:${written}`).join(', ') + end)

const log = objectOf(fc.tuple(named(['level', 'service', 'message', '@timestamp', 'n', '_id']), value))
const tags = fc.oneof(
  objectOf(fc.tuple(named(['host', 'zone']), value)),
  fc.constantFrom('{"a":null,"b":2.50,"c":"x"}', '{"a":{}}', '{"a":1,"b":[]}'),
)
const part = fc.oneof(
  fc.tuple(fc.constant('"value"'), fc.oneof(fc.constantFrom('1', '-1.5'), value)),
  fc.tuple(named(['name', 'unit', 'value', 'other']), value),
  fc.tuple(fc.constant('"tags"'), fc.oneof(tags, value)),
  fc.tuple(fc.constant('"timestamp"'), fc.oneof(time, value)),
)
const metric = objectOf(
  fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant('"data"'), objectOf(part)) },
    { weight: 1, arbitrary: fc.tuple(named(['data', 'eventId', 'x']), value) },
  ),
)
const GOOD: Partial<Record<Kind, string>> = { logs: '{"a":1}', metrics: '{"data":{"value":1}}' }

function linesOf(kind: Kind, event: fc.Arbitrary<string>) {
  const withKey = event.map((text) => text.replace('{', '{"eventId":"k",'))
  const line = fc.oneof(
    { weight: 8, arbitrary: event },
    { weight: 1, arbitrary: withKey },
    { weight: 4, arbitrary: fc.constantFrom('', ' ', '\u00a0', GOOD[kind]!, GOOD[kind]!) },
  )
  return fc.array(line, { maxLength: 5 })
}

function run<T>(steps: Iterator<unknown, T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** What comes of a body. Ids apart: one is taken for an event that its schema refuses, too. */
async function admitAll(read: () => DecodedBody, requestKey: string | undefined) {
  let id = 0
  const options = {
    nextId: () => `id-${id++}`,
    eventLimitBytes: limits.eventLimitBytes,
    keyForm: 'item',
  } as const
  try {
    const admission: Admission = await admit(read(), requestKey, options)
    return {
      ...admission,
      admitted: textsOf(admission.admitted).map((encoded, i) => [
        admission.admitted.indexes[i],
        encoded.replace(/^\{"id":"id-\d+"/, ''),
      ]),
    }
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message, details: error.details }
    throw error
  }
}

const requestKey = fc.option(fc.constant('key'), { nil: undefined })

/** Whether some text was not read at admission, which makes no difference. */
async function expectNoDifference(body: DecodedBody, key: string | undefined): Promise<boolean> {
  const { plain = [], ...read } = body
  expect(await admitAll(() => body, key)).toEqual(await admitAll(() => read, key))
  return plain.includes(true)
}

const KINDS = [['logs', log] as const, ['metrics', metric] as const]

it.each(KINDS)(
  'lines of %s that are not read at admission are taken as if they were',
  async (kinds, event) => {
    let plain = 0
    const bodies = fc.tuple(
      linesOf(kinds, event),
      fc.constantFrom('\n', '\n', '\r\n'),
      fc.boolean(),
      requestKey,
    )
    await fc.assert(
      fc.asyncProperty(bodies, async ([lines, end, isEnded, key]) => {
        const bytes = Buffer.from(lines.join(end) + (isEnded ? end : ''))
        const body = {
          form: 'records',
          kinds,
          context: undefined,
          ...splitLines(bytes, kinds, limits),
        } as const
        if (await expectNoDifference(body, key)) plain++
      }),
      { seed: 11, numRuns: 1500 },
    )
    expect(plain).toBeGreaterThan(100)
  },
)

it('documents of Elasticsearch are, with names around the limits as well', async () => {
  const actions = [
    '{"index":{"_index":"a"}}',
    '{"create":{"_id":"\\ud800"}}',
    '{"create":{"_id":"b\\n"}}',
    '{"index":{}}',
  ]
  let plain = 0
  await fc.assert(
    fc.asyncProperty(fc.array(log, { minLength: 1, maxLength: 5 }), requestKey, async (all, key) => {
      const bytes = Buffer.from(all.map((one, i) => `${actions[i % actions.length]!}\n${one}\n`).join(''))
      if (await expectNoDifference(run(readBulk(bytes, undefined, limits)), key)) plain++
    }),
    { seed: 12, numRuns: 1000 },
  )
  expect(plain).toBeGreaterThan(100)
})

it.each(KINDS)('arrays of %s are, and are what splitArray makes of them', async (kinds, event) => {
  let plain = 0
  const good = fc.array(fc.oneof(event, fc.constant(GOOD[kinds]!)), { minLength: 1, maxLength: 4 })
  const edges = fc.constantFrom(
    ['[', ']'],
    ['[', ']'],
    [' [ ', ' ]\n'],
    ['[', ']\n\n'],
    ['[', ''],
    ['[', ']]'],
    ['[', ',]'],
  )
  await fc.assert(
    fc.asyncProperty(
      good,
      fc.constantFrom(',', ' , ', ',\n', '}'),
      edges,
      requestKey,
      async (items, comma, [start, end], key) => {
        const bytes = Buffer.from(start! + items.join(comma) + end!)
        const found = splitPlainArray(bytes, kinds, limits)
        if (found === undefined) return
        plain++
        const base = { form: 'document', kinds, context: undefined } as const
        const split = () => ({ ...base, texts: splitArray(bytes.toString()) })
        expect(await admitAll(() => ({ ...base, ...found }), key)).toEqual(await admitAll(split, key))
      },
    ),
    { seed: 13, numRuns: 2000 },
  )
  expect(plain).toBeGreaterThan(100)
})

it('what has a key of its own is read, and so are other kinds and the last line without an end', () => {
  const plainOf = (text: string, kind: Kind) => splitLines(Buffer.from(text), kind, limits).plain
  expect(plainOf('{}\n{"eventId":"a"}\n{}\n{}', 'logs')).toEqual([true, false, true, false])
  expect(plainOf('{"data":{}}\n{"data":{},"eventId":"a"}\n{}\n', 'metrics')).toEqual([true, false, false])
  expect(plainOf('{"name":"a","price":1}\n', 'products')).toEqual([false])
  const array = Buffer.from('[{"data":{"value":1}},{"data":{"name":"a","tags":{"b":null}}}]')
  expect(splitPlainArray(array, 'metrics', limits)).toEqual({
    texts: ['{"data":{"value":1}}', '{"data":{"name":"a","tags":{"b":null}}}'],
    plain: [true, true],
  })
  expect(splitPlainArray(array, 'metrics', { ...limits, maxItems: 1 })).toBeUndefined()
  expect(splitPlainArray(Buffer.from('[]'), 'logs', limits)).toBeUndefined()
})

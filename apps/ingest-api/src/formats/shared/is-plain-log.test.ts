import { expect, it } from '@jest/globals'
import { AppError } from '@runnel/contracts'
import fc from 'fast-check'
import { admit, type Admission } from '../../admit.ts'
import type { DecodedBody } from '../../wire-format.ts'
import { readBulk } from '../elastic-bulk/read-bulk.ts'
import { splitLines } from '../split-lines.ts'

const limits = { eventLimitBytes: 8000, bodyLimitBytes: 1e6, textsLimitChars: 1e6, maxItems: 100 }

/** What a member of a log may be, near all limits that there are for one. */
const member = fc.tuple(
  fc.constantFrom(
    ...['level', 'service', 'eventId', 'message', '@timestamp', 'n', '_id', 'é', '__proto__'].map((name) =>
      JSON.stringify(name),
    ),
    '"a\\n"',
    '"\\u006cevel"',
  ),
  fc.oneof(
    fc.constantFrom(
      '"info"',
      '30',
      '1.50',
      '-0',
      '1e5',
      '1e400',
      'null',
      '{"name":"a"}',
      '["a",1]',
      '{}',
      '"k"',
      '""',
    ),
    fc.constantFrom(
      '"\\n"',
      '"\\u0000"',
      '"\\ud800"',
      '"\\u00e9"',
      '"😀"',
      '9'.repeat(100),
      '9'.repeat(101),
      '[1',
      '}',
    ),
    fc.integer({ min: 505, max: 520 }).map((length) => `"${'x'.repeat(length)}"`),
    fc.integer({ min: 165, max: 175 }).map((length) => `"${'€'.repeat(length)}"`),
    fc.integer({ min: 60, max: 66 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  ),
)
const line = fc
  .tuple(
    fc.array(member, { maxLength: 4 }),
    fc.constantFrom('{', '{', '{', ' {', '\ufeff{', '[', ''),
    fc.constantFrom('}', '}', '}', '} ', '},', ''),
  )
  .map(([members, start, end]) => start + members.map(([name, value]) => `${name}:${value}`).join(', ') + end)

const lines = fc.array(fc.oneof(line, fc.constantFrom('', ' ', '\u00a0', '{"a":1}')), { maxLength: 6 })
const lineEnd = fc.constantFrom('\n', '\n', '\r\n')

function run<T>(steps: Iterator<unknown, T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

async function admitAll(body: DecodedBody, requestKey: string | undefined): Promise<Admission | AppError> {
  let id = 0
  const nextId = () => `id-${id++}`
  try {
    return await admit(body, requestKey, { nextId, eventLimitBytes: limits.eventLimitBytes, keyForm: 'item' })
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

/** Ids apart: one is taken for an event that is refused by its schema as well. */
const withoutIds = (admission: Admission | AppError) =>
  admission instanceof AppError
    ? admission
    : {
        ...admission,
        admitted: admission.admitted.map(({ index, encoded }) => ({
          index,
          encoded: encoded.replace(/^\{"id":"id-\d+"/, '{"id":""'),
        })),
      }

/** Whether some text was not read at admission, which makes no difference. */
async function expectNoDifference(body: DecodedBody, requestKey: string | undefined): Promise<boolean> {
  const { plain = [], ...read } = body
  expect(withoutIds(await admitAll(body, requestKey))).toEqual(withoutIds(await admitAll(read, requestKey)))
  return plain.includes(true)
}

it('logs that are not read at admission are taken as if they were', async () => {
  let plain = 0
  const bodies = fc.tuple(lines, lineEnd, fc.boolean(), fc.option(fc.constant('key'), { nil: undefined }))
  await fc.assert(
    fc.asyncProperty(bodies, async ([all, end, isEnded, requestKey]) => {
      const bytes = Buffer.from(all.join(end) + (isEnded ? end : ''))
      const body = {
        form: 'records',
        kinds: 'logs',
        context: undefined,
        ...splitLines(bytes, 'logs', limits),
      } as const
      if (await expectNoDifference(body, requestKey)) plain++
      // As documents of Elasticsearch, with names around the limits as well.
      const actions = [
        '{"index":{"_index":"a"}}',
        '{"create":{"_id":"\\ud800"}}',
        '{"create":{"_id":"b\\n"}}',
        '{"index":{}}',
      ]
      const bulk = Buffer.from(all.map((one, i) => actions[i % actions.length]! + end + one + end).join(''))
      if (bulk.length > 0) await expectNoDifference(run(readBulk(bulk, undefined, limits)), requestKey)
    }),
    { seed: 11, numRuns: 2000 },
  )
  expect(plain).toBeGreaterThan(500)
})

it('lines of other kinds are always read', () => {
  expect(splitLines(Buffer.from('{}\n{}\n'), 'metrics', limits).plain).toEqual([])
  expect(splitLines(Buffer.from('{}\n{"eventId":"a"}\n{}\n'), 'logs', limits).plain).toEqual([
    true,
    false,
    true,
  ])
})

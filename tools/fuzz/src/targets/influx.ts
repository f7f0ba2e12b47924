import fc from 'fast-check'
import { ensure } from '../ensure.ts'
import { repeated } from '../inputs/large-json.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { mutatedBytes } from '../inputs/mutate.ts'
import type { AnyTarget } from '../target.ts'
import {
  BODY_BYTES,
  ensureEvents,
  ensureSameEvents,
  formatTarget,
  type Admitted,
  type WireBody,
} from './wire-formats.ts'

const URL = '/api/v2/write'

const headers = { 'content-type': 'text/plain' }

const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('room', 'a\\ b', 'a\\,b', 'a\\=b', '__proto__', 'C:\\x') },
  { weight: 1, arbitrary: hostileText(8) },
)
const value = fc.oneof(
  fc.constantFrom(
    '1',
    '1.5e3',
    '-7i',
    '18446744073709551615u',
    '9223372036854775808i',
    't',
    'FALSE',
    '"a"',
    '"a\\"\n"',
    'NaN',
    '1e999',
  ),
  hostileText(8),
)
const pair = fc.tuple(name, value).map((both) => both.join('='))
const line = fc
  .tuple(
    name,
    fc.array(fc.tuple(name, name), { maxLength: 2 }),
    fc.array(pair, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', ' 1795953600007000001', ' -1', ' 1x'),
  )
  .map(
    ([measurement, tags, fields, time]) =>
      [measurement, ...tags.map((tag) => tag.join('='))].join(',') + ` ${fields.join(',')}${time}`,
  )

/** A body whose lines were written from what they say. */
interface WrittenBody extends WireBody {
  /** The metrics that it has to become; undefined where it was changed since. */
  readonly metrics?: readonly unknown[]
}

/** A field as it is written, and what it becomes. */
const writtenValue = fc.oneof(
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((value) => [String(value), { value: value + 0 }] as const),
  fc.integer().map((value) => [`${value}i`, { value }] as const),
  fc
    .bigInt({ min: 2n ** 63n, max: 2n ** 64n - 1n })
    .map((value) => [`${value}u`, { value: Number(value), exact: String(value) }] as const),
  fc.boolean().map((value) => [value ? 't' : 'False', { value: Number(value), boolean: value }] as const),
  wellFormed().map((text) => [`"${text.replace(/["\\]/g, '\\$&')}"`, { text }] as const),
)

/** Without what the protocol cannot say: line breaks, and a backslash before what needs one. */
const writtenName = wellFormed()
  .map((text) => text.replace(/[\n\r\0\\]/g, ''))
  .filter((text) => text !== '')

const writtenLine = fc
  .record({
    measurement: writtenName.filter((text) => !text.startsWith('#') && !/^[ \t\uFEFF]/.test(text)),
    tags: fc.uniqueArray(fc.tuple(writtenName, writtenName), { selector: ([tag]) => tag, maxLength: 3 }),
    fields: fc.array(fc.tuple(writtenName, writtenValue), { minLength: 1, maxLength: 3 }),
    nanos: fc.bigInt({ min: 0n, max: 4n * 10n ** 18n }),
  })
  .map(({ measurement, tags, fields, nanos }) => {
    const tagged = [
      measurement.replace(/[, ]/g, '\\$&'),
      ...tags.map((pair) => pair.map(escapeName).join('=')),
    ]
    const valued = fields.map(([field, [text]]) => `${escapeName(field)}=${text}`)
    const metrics = fields.map(([field, [, data]]) => ({
      data: {
        ...{ name: `${measurement}_${field}`, ...data, tags: Object.fromEntries(tags) },
        timestamp: timeOf(nanos),
      },
    }))
    return { text: `${tagged.join(',')} ${valued.join(',')} ${nanos}`, metrics }
  })

const writtenBody: fc.Arbitrary<WrittenBody> = fc.array(writtenLine, { maxLength: 4 }).map((lines) => ({
  ...{ bytes: Buffer.from(lines.map(({ text }) => text).join('\n')), headers },
  metrics: lines.flatMap(({ metrics }) => metrics),
}))

function wellFormed(): fc.Arbitrary<string> {
  return hostileText(8).map((text) => text.toWellFormed())
}

function escapeName(text: string): string {
  return text.replace(/[,= ]/g, '\\$&')
}

const NANOS = 1_000_000_000n

function timeOf(nanos: bigint): string {
  const second = new Date(Number(nanos / NANOS) * 1000).toISOString().slice(0, -5)
  return `${second}.${String(nanos % NANOS).padStart(9, '0')}Z`
}

/** What was written is read; a body with comments and blank lines in between says the same. */
async function checkLines({ bytes, metrics }: WrittenBody, read: Admitted | 'refused'): Promise<void> {
  if (metrics === undefined) return
  ensure(read !== 'refused', 'what is well-formed is refused')
  ensureEvents(read, metrics, 'as it was written')
  if (metrics.length === 0) return
  const spread = Buffer.from(`# a comment\n \r\n${bytes.toString()}\r\n\n#`)
  await ensureSameEvents(URL, read, { bytes: spread, headers }, 'with comments')
}

/** Line protocol. */
export const influx: AnyTarget = formatTarget<WrittenBody>(
  'influx',
  URL,
  fc.oneof(
    { weight: 1, arbitrary: writtenBody },
    {
      weight: 3,
      arbitrary: mutatedBytes(
        fc.oneof(
          fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n')),
          writtenBody.map(({ bytes }) => bytes.toString()),
        ),
      ).map((bytes) => ({ bytes, headers })),
    },
  ),
  () =>
    [
      ['short lines', repeated(BODY_BYTES, 'a b=1', '', '', '\n')],
      ['invalid lines', repeated(BODY_BYTES, 'a', '', '', '\n')],
      ['many fields', repeated(BODY_BYTES, 'b=1', 'a ', '', ',')],
      ['many tags', repeated(BODY_BYTES / 10, 'b=1', 'a,', ' c=1', ',')],
      ['different tags', `a,${Array.from({ length: 300_000 }, (_, i) => `t${i}=1`).join(',')} c=1`],
      ['a text without an end', `a b="${'x'.repeat(BODY_BYTES - 10)}`],
      ['texts without an end', repeated(BODY_BYTES, 'a b="x', '', '', '\n')],
      ['escapes', `a b="${repeated(BODY_BYTES - 10, '\\"', '', '', '')}"`],
      ['escapes in a name', `${repeated(BODY_BYTES - 10, '\\,', '', '', '')} b=1`],
      ['blanks', ' '.repeat(BODY_BYTES)],
      ['comments', repeated(BODY_BYTES, '#', '', '', '\n')],
    ].map(([what, text]) => ({ name: what!, input: () => ({ bytes: Buffer.from(text!), headers }) })),
  checkLines,
)

import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import { PushRequestSchema } from '@runnel/wire/loki/push'
import { deflateSnappy } from '@runnel/wire/snappy'
import fc from 'fast-check'
import { hostileText } from '../inputs/hostile-text.ts'
import { anyJsonText } from '../inputs/json-text.ts'
import { manyNames, repeated, slowObjects } from '../inputs/large-json.ts'
import { mutatedBytes } from '../inputs/mutate.ts'
import { BODY_BYTES, formatTarget, objectText, worstOf } from './wire-formats.ts'

const ndjson = { 'content-type': 'application/x-ndjson' }

const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '{"index":{"_index":"a"}}',
      '{"create":{"_index":"a","_id":"1"}}',
      '{"create":{}}',
      '{"index":{"op_type":"create","_id":7,"pipeline":null},"attempts":0}',
      '{"delete":{"_id":"1"}}',
      '{"update":{"_id":"1"}}',
    ),
  },
  { weight: 1, arbitrary: anyJsonText.map((text) => text.replaceAll('\n', ' ')) },
  {
    weight: 1,
    arbitrary: hostileText().map((name) => JSON.stringify({ index: { _index: name, _id: name } })),
  },
)
const document = objectText(
  ['@timestamp', 'message', 'log.level', 'log', 'service', '_index', '_id', 'eventId', '__proto__'],
  ['"2026-11-29T12:00:00Z"', '"m"', '{"level":"info"}', '"a"', 'null', '1e400', '9007199254740993'],
)
const bulkText = fc
  .array(
    fc
      .tuple(action, document, fc.constantFrom('\n', '\r\n', '\n\n'))
      .map(([one, text, end]) => one + end + text + end),
    { maxLength: 5 },
  )
  .map((items) => items.join(''))

const INDEX = '{"index":{"_index":"a"}}\n'

export const bulk = formatTarget(
  'bulk',
  '/_bulk',
  mutatedBytes(bulkText).map((bytes) => ({ bytes, headers: ndjson })),
  () => [
    ...slowObjects(512 * 1024 - 1024).map(([name, text]) =>
      worstOf(`documents of: ${name}`, repeated(BODY_BYTES, INDEX + text, '', '', '\n'), ndjson),
    ),
    ...slowObjects(BODY_BYTES).map(([name, text]) => worstOf(`an action of: ${name}`, text, ndjson)),
    worstOf('short documents', repeated(BODY_BYTES, '{"index":{}}\n{}', '', '', '\n'), ndjson),
    worstOf(
      'documents of 30 bytes',
      repeated(BODY_BYTES, `${INDEX}{"message":"a short message"}`, '', '', '\n'),
      ndjson,
    ),
    worstOf('deletions', repeated(BODY_BYTES, '{"delete":{"_index":"a","_id":"1"}}', '', '', '\n'), ndjson),
    worstOf('unknown actions', repeated(BODY_BYTES, '{"x":{}}', INDEX, '', '\n'), ndjson),
    worstOf('empty lines', '\n'.repeat(BODY_BYTES), ndjson),
    worstOf('blank lines', ' \n'.repeat(BODY_BYTES / 2), ndjson),
    worstOf(
      'ids with many names beside them',
      repeated(BODY_BYTES, actionWithNames(), '', '', '\n{}\n'),
      ndjson,
    ),
  ],
)

/** As long as an action line may be. */
function actionWithNames(): string {
  return `{"index":${manyNames(16_000, (i) => `\\n${i.toString(36)}`)}}`
}

const json = { 'content-type': 'application/json' }

const lokiLine = fc.oneof(hostileText(), document, anyJsonText)
const entryText = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('"1795953600123456789"', '"0"', '"x"', '1795953600123456789', '-1'), lokiLine)
      .map(([time, line]) => `[${time},${JSON.stringify(line)}]`),
  },
  { weight: 1, arbitrary: document.map((metadata) => `["1795953600123456789","line",${metadata}]`) },
  { weight: 1, arbitrary: anyJsonText },
)
const streamText = fc
  .tuple(
    objectText(['app', 'level', 'job', '__proto__'], ['"a"', '"info"', '1']),
    fc.array(entryText, { maxLength: 4 }),
  )
  .map(([labels, entries]) => `{"stream":${labels},"values":[${entries.join(',')}]}`)
const pushText = fc
  .array(fc.oneof({ weight: 5, arbitrary: streamText }, { weight: 1, arbitrary: anyJsonText }), {
    maxLength: 3,
  })
  .map((streams) => `{"streams":[${streams.join(',')}]}`)

const ENTRIES_BEGIN = '{"streams":[{"stream":{"app":"a"},"values":['
const ENTRIES_END = ']}]}'
const pushOf = (entry: string) => repeated(BODY_BYTES, entry, ENTRIES_BEGIN, ENTRIES_END)

export const lokiJson = formatTarget(
  'loki-json',
  '/loki/api/v1/push',
  mutatedBytes(pushText).map((bytes) => ({ bytes, headers: json })),
  () => [
    ...slowObjects(BODY_BYTES).map(([name, text]) => worstOf(name, text, json)),
    ...slowObjects(512 * 1024).map(([name, text]) => worstOf(`small, ${name}`, text, json)),
    ...slowObjects(300_000).map(([name, text]) =>
      worstOf(`lines of: ${name}`, pushOf(`["1",${JSON.stringify(text)}]`), json),
    ),
    ...slowObjects(60_000).map(([name, text]) =>
      worstOf(`metadata of: ${name}`, pushOf(`["1","x",${text}]`), json),
    ),
    worstOf('short lines', pushOf('["1","x"]'), json),
    worstOf('invalid entries', pushOf('1'), json),
    worstOf('streams without entries', repeated(BODY_BYTES, '{}', '{"streams":[', ']}'), json),
    worstOf(
      'a stream a line',
      repeated(BODY_BYTES, '{"stream":{"app":"a"},"values":[["1","x"]]}', '{"streams":[', ']}'),
      json,
    ),
    worstOf(
      'lines of JSON',
      pushOf(`["1795953600123456789",${JSON.stringify('{"level":30,"msg":"m","order":{"id":17}}')}]`),
      json,
    ),
  ],
)

type PushInit = MessageInitShape<typeof PushRequestSchema>

const encodePush = (message: PushInit): Buffer =>
  Buffer.from(toBinary(PushRequestSchema, create(PushRequestSchema, message)))

const labelSet = fc.oneof(
  fc.constantFrom('{}', '{app="shop"}', '{path="C:\\temp"}', '{a="say "hi"",b="\\n"}', '{', ''),
  hostileText().map((text) => `{a="${text}", b="1"}`),
)
const seconds = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n })
const entry = fc.record({
  timestamp: fc.record({ seconds: fc.oneof(fc.constant(1_795_953_600n), seconds), nanos: fc.integer() }),
  line: lokiLine.map((text) => text.toWellFormed()),
  structuredMetadata: fc.array(
    fc.record({ name: hostileText(8).map((text) => text.toWellFormed()), value: fc.constant('v') }),
    { maxLength: 2 },
  ),
})
const pushMessage = fc
  .array(
    fc.record({
      labels: labelSet.map((text) => text.toWellFormed()),
      entries: fc.array(entry, { maxLength: 3 }),
    }),
    {
      maxLength: 3,
    },
  )
  .map((streams) => encodePush({ streams }).toString('latin1'))

const protobuf = { 'content-type': 'application/x-protobuf' }

/** Latin-1, so that the mutations of texts are those of bytes; what becomes two bytes is a mutation as well. */
const mutatedPush = mutatedBytes(pushMessage).map((bytes) => Buffer.from(bytes.toString(), 'latin1'))

export const lokiProtobuf = formatTarget(
  'loki-protobuf',
  '/loki/api/v1/push',
  fc.oneof(
    {
      weight: 6,
      arbitrary: mutatedPush.map((bytes) => ({ bytes: deflateSnappy(bytes), headers: protobuf })),
    },
    { weight: 1, arbitrary: mutatedPush.map((bytes) => ({ bytes, headers: protobuf })) },
  ),
  () => {
    const entries =
      (line: string, bytes: number, labels = '{app="a"}') =>
      () => {
        const timestamp = { seconds: 1n, nanos: 1 }
        const count = Math.floor(BODY_BYTES / bytes) - 1
        return encodePush({
          streams: [{ labels, entries: Array.from({ length: count }, () => ({ timestamp, line })) }],
        })
      }
    const cases: [string, () => Buffer][] = [
      ['short lines', entries('x', 11)],
      ['long lines', entries('a line that says something '.repeat(8), 230)],
      ['large labels', entries('x', 11, `{a="${'x'.repeat(60_000)}"}`)],
      ['labels without an end', entries('x', 11, `{a="${'",b="\\'.repeat(10_000)}`)],
      [
        'entries without anything',
        () =>
          Buffer.concat([
            Buffer.from([0x0a, 0x80, 0x80, 0xc0, 0x02]),
            Buffer.from('1200'.repeat(2_621_440), 'hex'),
          ]),
      ],
      ['fields that are unknown', () => Buffer.from('5001'.repeat(BODY_BYTES / 2), 'hex')],
    ]
    return cases.map(([name, bytes]) => ({
      name,
      input: () => ({ bytes: deflateSnappy(bytes().subarray(0, BODY_BYTES)), headers: protobuf }),
    }))
  },
)

import { isJsonObject, type JsonObject, type JsonValue } from '@runnel/contracts'
import fc from 'fast-check'
import { isUtf8 } from 'node:buffer'
import { hostileText } from '../inputs/hostile-text.ts'
import { anyJsonText } from '../inputs/json-text.ts'
import { manyNames, repeated, slowObjects } from '../inputs/large-json.ts'
import { mutatedBytes } from '../inputs/mutate.ts'
import {
  BODY_BYTES,
  ensureEvents,
  formatTarget,
  objectText,
  worstOf,
  type Admitted,
  type WireBody,
} from './wire-formats.ts'

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

/** Documents in turn with actions, as Elasticsearch takes them. */
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
  checkDocuments,
)

/** A body that JSON.parse reads line by line has the documents that it finds. */
function checkDocuments({ bytes }: WireBody, read: Admitted | 'refused'): void {
  const expected = documentsOf(bytes)
  if (expected === undefined || read === 'refused') return
  ensureEvents(read, expected, 'line by line')
}

/** @returns undefined where a line is no JSON object, an action is unknown, or there is none */
function documentsOf(bytes: Buffer): readonly JsonObject[] | undefined {
  if (!isUtf8(bytes)) return undefined
  const lines = bytes
    .toString()
    .split('\n')
    .filter((line) => /[^ \t\r]/.test(line))
    .map(parseObject)
  const documents: JsonObject[] = []
  for (let at = 0; at < lines.length; at++) {
    const action = Object.entries(lines[at] ?? {})
    const [operation, meta] = action[0] ?? []
    if (action.length !== 1 || !isJsonObject(meta)) return undefined
    if (operation === 'delete') continue
    const document = lines[++at]
    if (document === undefined) return undefined
    if (operation === 'update') continue
    if (operation !== 'index' && operation !== 'create') return undefined
    const [index, id] = [nameOf(meta['_index']), nameOf(meta['_id'])]
    documents.push({ ...(index !== '' && { _index: index }), ...(id !== '' && { _id: id }), ...document })
  }
  return documents
}

function parseObject(line: string): JsonObject | undefined {
  try {
    const value = JSON.parse(line) as JsonValue
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** A number is a name by its digits; what else is there is none. */
function nameOf(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** As long as an action line may be. */
function actionWithNames(): string {
  return `{"index":${manyNames(16_000, (i) => `\\n${i.toString(36)}`)}}`
}

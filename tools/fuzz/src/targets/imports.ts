import {
  createCsvParser,
  createNdjsonParser,
  type ParsedRow,
  type ParserOptions,
  type RowParser,
} from '@runnel/message-dispatcher/parsers'
import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ensure, ensureDocumented } from '../ensure.ts'
import { hostileText } from '../inputs/hostile-text.ts'
import { jsonText } from '../inputs/json-text.ts'
import { repeated, slowObjects } from '../inputs/large-json.ts'
import { mutatedBytes } from '../inputs/mutate.ts'
import { defineTarget, type AnyTarget, type WorstCase } from '../target.ts'

interface File {
  readonly bytes: Buffer
  readonly pieces: number
}

const ROW_BYTES = 64 * 1024
/** What a connection hands over at a time. */
const PIECE_BYTES = 64 * 1024

const phone = fc.constantFrom('79161234567', '+4915112345678', '0', '+7', '7916123456x')
const zone = fc.constantFrom('Europe/Moscow', 'UTC', '+03:00', 'Mars/Base', '')

const csvField = fc.oneof(
  phone,
  zone,
  fc.constantFrom('yes', 'no', '""', '"a""b"', '"', 'vip'),
  hostileText(8),
)
const csvText = fc
  .tuple(
    fc.subarray(['phone', 'timeZone', 'tag', 'opted out', 'name', 'operator_code', ''], { minLength: 1 }),
    fc.array(fc.array(csvField, { maxLength: 7 }), { maxLength: 6 }),
    fc.constantFrom(',', ';', '\t'),
  )
  .map(([header, rows, separator]) => [header, ...rows].map((row) => row.join(separator)).join('\n'))

const rowText = fc.oneof(
  jsonText.map((text) => text.replaceAll('\n', ' ')),
  fc
    .record(
      {
        phone,
        timeZone: zone,
        tag: hostileText(8),
        optedOut: fc.boolean(),
        attributes: fc.dictionary(hostileText(6), fc.option(hostileText())),
      },
      { requiredKeys: ['phone'] },
    )
    .map((row) => JSON.stringify(row)),
)
const ndjsonText = fc.array(rowText, { maxLength: 6 }).map((rows) => rows.join('\n'))

/** A file of clients, in pieces: in which pieces it comes makes no difference, and no line is lost. */
function importTarget(
  name: string,
  create: (options: ParserOptions) => RowParser,
  texts: fc.Arbitrary<string>,
  worst: () => readonly [name: string, text: string][],
): AnyTarget {
  return defineTarget<File>({
    name,
    inputs: fc.record({ bytes: mutatedBytes(texts), pieces: fc.constantFrom(1, 3, 17, PIECE_BYTES) }),
    worst: () =>
      worst().map(([what, text]): WorstCase<File> => ({
        name: what,
        input: () => ({ bytes: Buffer.from(text), pieces: PIECE_BYTES }),
      })),
    parse: ({ bytes, pieces }) =>
      bytes.length < PIECE_BYTES ? read(create, bytes, pieces) : readInTurns(create, bytes),
    check({ bytes }, outcome) {
      ensureDocumented(outcome)
      if ('error' in outcome) return
      const rows = outcome.value as ParsedRow[]
      for (const row of rows) {
        if ('error' in row) ensure(row.error.line > 0 && row.error.message !== '', 'an error says nothing')
        else ensure(row.line > 0 && Number.isSafeInteger(row.phone) && row.phone > 0, 'a client has no phone')
      }
      const lines = rows.map((row) => ('error' in row ? row.error.line : row.line))
      ensure(
        lines.every((line, i) => i === 0 || line > lines[i - 1]!),
        'lines come twice, or not in order',
      )
      if (bytes.length < PIECE_BYTES)
        ensure(
          isDeepStrictEqual(read(create, bytes, PIECE_BYTES), rows),
          'in other pieces it is another file',
        )
    },
  })
}

function* pieceRows(
  create: (options: ParserOptions) => RowParser,
  bytes: Buffer,
  pieces: number,
): Generator<ParsedRow> {
  const parser = create({ maxRowBytes: ROW_BYTES })
  const decoder = new TextDecoder()
  for (let at = 0; at < bytes.length; at += pieces)
    yield* parser.push(decoder.decode(bytes.subarray(at, at + pieces), { stream: true }))
  yield* parser.push(decoder.decode())
  yield* parser.end()
}

function read(create: (options: ParserOptions) => RowParser, bytes: Buffer, pieces: number): ParsedRow[] {
  return [...pieceRows(create, bytes, pieces)]
}

/** As the import does it: a row is the least that is done at a time. */
async function readInTurns(
  create: (options: ParserOptions) => RowParser,
  bytes: Buffer,
): Promise<ParsedRow[]> {
  const rows: ParsedRow[] = []
  let sinceMs = performance.now()
  for (const row of pieceRows(create, bytes, PIECE_BYTES)) {
    rows.push(row)
    if (performance.now() - sinceMs < 10) continue
    await nextTurn()
    sinceMs = performance.now()
  }
  return rows
}

const csvWorst = (line: string): string => `phone,tag\n${repeated(3 * PIECE_BYTES, line, '', '', '\n')}`

export const csv = importTarget('csv', createCsvParser, csvText, () => [
  ['quotes without an end', csvWorst('"')],
  ['long lines with quotes without an end', csvWorst(`"${'a,'.repeat(300)}`)],
  ['short lines', csvWorst('x')],
  ['empty lines', csvWorst('')],
  ['separators', csvWorst(','.repeat(ROW_BYTES - 1))],
  ['a header of separators', ','.repeat(ROW_BYTES)],
  ['doubled quotes', csvWorst(`"${'""'.repeat(ROW_BYTES / 2 - 10)}`)],
  ['a line without an end', 'phone\n' + '1'.repeat(3 * PIECE_BYTES)],
])

export const ndjson = importTarget('ndjson-import', createNdjsonParser, ndjsonText, () => [
  ...slowObjects(ROW_BYTES - 1).map(([name, text]): [string, string] => [name, `${text}\n${text}`]),
  ['short lines', 'x\n'.repeat(PIECE_BYTES)],
  ['empty objects', '{}\n'.repeat(PIECE_BYTES)],
  ['phones', '{"phone":"+99912345678"}\n'.repeat(5000)],
  [
    'zones',
    Array.from({ length: 3000 }, (_, i) => `{"phone":"79161234567","timeZone":"Europe/X${i}"}`).join('\n'),
  ],
])

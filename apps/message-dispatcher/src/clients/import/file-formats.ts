import { AppError } from '@runnel/contracts'
import { isSpreadsheetType, notText, SPREADSHEET } from './recognise-file.ts'

export type Format = 'csv' | 'ndjson'

/** By media types; undefined for those that programs give to any file. */
const FORMATS: ReadonlyMap<string, Format | undefined> = new Map<string, Format | undefined>([
  ...[
    'text/csv',
    'application/csv',
    'text/x-csv',
    'text/comma-separated-values',
    'text/tab-separated-values',
  ].map((type) => [type, 'csv'] as const),
  ...['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines'].map(
    (type) => [type, 'ndjson'] as const,
  ),
  ...['text/plain', 'application/vnd.ms-excel', 'application/octet-stream'].map(
    (type) => [type, undefined] as const,
  ),
])

export interface ContentType {
  readonly type: string
  readonly charset: string | undefined
  readonly boundary: string | undefined
}

export function parseContentType(header: string | undefined): ContentType {
  const [type = '', ...parameters] = (header ?? '').split(';')
  const parameter = (name: string) =>
    parameters
      .map((text) => new RegExp(`^\\s*${name}="?([^"]*?)"?\\s*$`, 'i').exec(text)?.[1])
      .find((value) => value !== undefined && value !== '')
  return {
    type: type.trim().toLowerCase(),
    charset: parameter('charset'),
    boundary: parameter('boundary'),
  }
}

/**
 * The format that a media type names; undefined where the file itself shows it.
 *
 * @throws AppError unsupported_media_type
 */
export function formatOfType(type: string): Format | undefined {
  if (FORMATS.has(type)) return FORMATS.get(type)
  if (isSpreadsheetType(type)) throw notText(...SPREADSHEET)
  throw new AppError('unsupported_media_type', 'The content type is not supported for files of clients', {
    field: 'content-type',
    expected: 'text/csv, application/x-ndjson, text/plain, application/vnd.ms-excel or multipart/form-data',
  })
}

/** An array of objects. Lines of logs begin with a bracket as well. */
const ARRAY = /^\[\s*[{\]]/

/**
 * The format of a text by its beginning: objects make NDJSON, and a header of CSV begins with no brace.
 *
 * @param named what the sender says it is
 * @throws AppError unsupported_media_type
 */
export function formatOfText(text: string, named?: Format): Format {
  const start = text.trimStart()
  if (ARRAY.test(start)) {
    throw new AppError('unsupported_media_type', 'The file is a JSON array', {
      expected: 'NDJSON: one object on each line, without brackets and commas between them',
    })
  }
  return named ?? (start.startsWith('{') ? 'ndjson' : 'csv')
}

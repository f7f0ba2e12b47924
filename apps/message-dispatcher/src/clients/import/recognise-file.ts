import { AppError } from '@runnel/contracts'

/** Files that are no text, by their first bytes. */
const SIGNATURES: readonly (readonly [bytes: readonly number[], name: string, expected: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a spreadsheet (xlsx, ods) or another zip file', saveAs('CSV')],
  [[0x50, 0x4b, 0x05, 0x06], 'an empty zip file', saveAs('CSV')],
  [[0xd0, 0xcf, 0x11, 0xe0], 'a spreadsheet of an old program (xls)', saveAs('CSV')],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF', saveAs('CSV')],
  [[0x1f, 0x8b], 'compressed with gzip', 'Content-Encoding: gzip, or the file as it was before'],
  [
    [0x28, 0xb5, 0x2f, 0xfd],
    'compressed with zstd',
    'the file as it was before, or gzip with Content-Encoding: gzip',
  ],
  [
    [0x42, 0x5a, 0x68],
    'compressed with bzip2',
    'the file as it was before, or gzip with Content-Encoding: gzip',
  ],
  [[0x37, 0x7a, 0xbc, 0xaf], 'an archive (7z)', 'the file that is in it'],
  [[0x52, 0x61, 0x72, 0x21], 'an archive (rar)', 'the file that is in it'],
]

function saveAs(format: string): string {
  return `a file of ${format}: open it in the spreadsheet program and save it as ${format} (UTF-8)`
}

/** Pages and documents that programs save under the name of a spreadsheet. */
const MARKUP = /^\s*<(?:!doctype|html|table|\?xml|\?mso|meta|head)/i

/** @throws AppError unsupported_media_type where the first bytes are those of a file that is no text */
export function refuseBinaries(head: Buffer): void {
  const found = SIGNATURES.find(([bytes]) => bytes.every((byte, i) => head[i] === byte))
  if (found) throw notText(found[1], found[2])
}

/** @throws AppError unsupported_media_type where text begins like something else than CSV or NDJSON */
export function refuseMarkup(text: string): void {
  if (MARKUP.test(text)) throw notText('a page of HTML or XML, perhaps saved as xls', saveAs('CSV'))
}

/** Media types of spreadsheets and archives, whatever is in them. */
export function isSpreadsheetType(type: string): boolean {
  return /opendocument|openxmlformats|^application\/(zip|x-zip-compressed|pdf|x-7z-compressed)$/.test(type)
}

export function notText(name: string, expected: string): AppError {
  return new AppError('unsupported_media_type', `The file is ${name}, which cannot be imported`, { expected })
}

export const SPREADSHEET = ['a spreadsheet or an archive', saveAs('CSV')] as const

import { integer, text } from '@runnel/runtime'
import { COUNTRIES } from './parse-phone.ts'
import type { ImportLimits } from './import/receive-file.ts'

/** What clients and their imports read from the environment. */
export const clientSettings = {
  imports: {
    maxBytes: integer(
      'CLIENT_IMPORT_MAX_BYTES',
      512 * 1024 ** 2,
      'Largest file of clients in bytes, as received and again after inflating',
      { min: 1024 },
    ),
    maxRowBytes: integer(
      'CLIENT_IMPORT_MAX_ROW_BYTES',
      64 * 1024,
      'Largest line of a file of clients in bytes',
      { min: 100, max: 1024 ** 2 },
    ),
    batchRows: integer(
      'CLIENT_IMPORT_BATCH_ROWS',
      1000,
      'Lines of a file of clients that are stored in one transaction',
      { min: 1, max: 50_000 },
    ),
    concurrency: integer(
      'CLIENT_IMPORT_CONCURRENCY',
      2,
      'Imports of clients that one process runs at a time',
      { min: 1, max: 100 },
    ),
    idleMs: integer('CLIENT_IMPORT_IDLE_MS', 30_000, 'Milliseconds that the sender of a file may be silent', {
      min: 100,
      max: 60_000,
    }),
    kept: {
      lines: integer(
        'CLIENT_IMPORT_KEPT_LINES',
        10_000,
        'Refused lines of a file of clients that are kept with their errors, to be mended',
        { max: 1_000_000 },
      ),
      bytes: integer(
        'CLIENT_IMPORT_KEPT_BYTES',
        16 * 1024 ** 2,
        'Bytes that the texts of the refused lines of a file may take; further ones are kept without their text',
      ),
      days: integer('CLIENT_IMPORT_KEPT_DAYS', 30, 'Days for which refused lines are kept', {
        min: 1,
        max: 3650,
      }),
    },
    country: text(
      'CLIENT_IMPORT_COUNTRY',
      '',
      'Country of phones in files that lack the code of their country (ISO 3166, e.g. RU); empty: they are refused',
      { pattern: new RegExp(`^(${COUNTRIES.join('|')})?$`), expected: 'two letters of ISO 3166, e.g. RU' },
    ),
  },
  exportConcurrency: integer(
    'CLIENT_EXPORT_CONCURRENCY',
    4,
    'Files of clients, of refused lines and of the suppression list that one process sends at a time',
    { min: 1, max: 100 },
  ),
  changeMax: integer(
    'CLIENT_CHANGE_MAX',
    1_000_000,
    'Clients that one change of many may be about, such as an opt-out of all that match',
    { min: 1 },
  ),
  importTimeoutMs: integer(
    'CLIENT_IMPORT_TIMEOUT_MS',
    3_600_000,
    'Milliseconds that sending a file of clients may take',
    { min: 1000 },
  ),
}

export interface ClientOptions {
  readonly imports: ImportLimits
  /** Exports that one process runs at a time. */
  readonly exportConcurrency: number
  /** Clients that one change of many may be about. */
  readonly changeMax: number
  /** Milliseconds that sending a file may take. */
  readonly importTimeoutMs: number
}

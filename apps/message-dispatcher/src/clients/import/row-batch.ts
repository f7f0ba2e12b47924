import type { ClientUpsert, ImportError } from '@runnel/repositories-mailings'
import type { ParsedRow, RowSource } from './row-parsers.ts'
import { mergeUpserts } from './to-upsert.ts'

type Row = ClientUpsert & RowSource

/** Rows that are stored together. */
export interface RowBatch {
  /** Each phone number once, with the values of all its lines merged. */
  readonly clients: ReadonlyMap<number, Row>
  readonly errors: readonly ImportError[]
  /** Lines that were merged into a later one. */
  readonly superseded: number
  readonly size: number
  add(row: ParsedRow): void
}

export function createRowBatch(): RowBatch {
  const clients = new Map<number, Row>()
  const errors: ImportError[] = []
  let superseded = 0
  return {
    clients,
    errors,
    get superseded() {
      return superseded
    },
    get size() {
      return clients.size + errors.length + superseded
    },
    add(row) {
      if ('error' in row) {
        errors.push(row.error)
        return
      }
      const former = clients.get(row.phone)
      if (former) superseded++
      clients.set(row.phone, former ? { ...mergeUpserts(former, row), line: row.line, text: row.text } : row)
    },
  }
}

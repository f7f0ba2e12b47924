import { readLevelName } from '@runnel/contracts'
import type { FieldPath } from '@runnel/contracts/log-query'
import type { LogFilter } from '@runnel/repositories-events'
import type { Store } from '../store.ts'
import { countBackwards } from './count-backwards.ts'
import { ignoreTooSlow } from './ignore-too-slow.ts'
import type { SearchBudget } from './slice-pace.ts'
import { ValueCounts } from './value-counts.ts'

type CountStore = Pick<Store, 'readLogValueCounts' | 'countLogValues' | 'findLogSliceEnd'>

/** Entries of a slice: each may have a value of its own, and PostgreSQL keeps those in memory. */
const MAX_ROWS = 50_000

export interface CountedValues {
  readonly counts: ValueCounts
  /** Older entries are not counted: the time was over. Milliseconds since 1970. */
  readonly countedFromMs?: number | undefined
}

/**
 * Counts the values of a field: levels and services from the counts of minutes where they hold, else from the entries, the newest first.
 *
 * @throws AppError
 */
export async function countValues(
  store: CountStore,
  filter: LogFilter & { readonly toMs: number },
  field: FieldPath,
  budget: SearchBudget,
): Promise<CountedValues> {
  const column = countedColumn(field)
  // Rows of earlier versions hold levels as they were sent.
  const counts = new ValueCounts(column === 'level' ? readLevelName : (value) => value)
  const counted = column && (await store.readLogValueCounts(filter, column).catch(ignoreTooSlow))
  const { parts, countedFromMs } = counted
    ? { parts: counted, countedFromMs: undefined }
    : await countBackwards(store, filter, { ...budget, maxRows: MAX_ROWS }, (range) =>
        store.countLogValues({ ...filter, ...range }, field),
      )
  for (const part of parts) counts.add(part)
  return { counts, countedFromMs }
}

function countedColumn(field: FieldPath): 'level' | 'service' | undefined {
  const [name] = field
  return field.length === 1 && (name === 'level' || name === 'service') ? name : undefined
}

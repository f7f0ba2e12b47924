import { SearchableLog } from '@runnel/repositories-events'
import type { FilterGroup } from './filter-group.ts'
import type { LiveLog } from './live-log.ts'

/** Characters that filters look through between two places where the work may pause: about 0.1 ms. */
const STEP_CHARACTERS = 64 * 1024
/** What one filter costs for an entry beside its characters. */
const COST = 256

/**
 * Shows entries to filters, entry by entry: what filters have in common is made once for all of them and is not kept.
 * Pauses wherever it may be interrupted.
 */
export function* compareLogs(
  logs: readonly LiveLog[],
  groups: readonly FilterGroup[],
): Generator<void, void> {
  let cost = 0
  for (const log of logs) {
    const searchable = new SearchableLog(log.entry)
    for (const group of groups) {
      group.look(log, searchable)
      cost += log.frame.bytes.length + COST
      if (cost < STEP_CHARACTERS) continue
      cost = 0
      yield
    }
  }
}

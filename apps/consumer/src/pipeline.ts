import type { Kind } from '@runnel/contracts'
import type { EventRow, StoreResult } from '@runnel/repositories-events'
import type { IncomingEvent } from './incoming-event.ts'

/** What is different about a kind; everything else is the same for all of them. */
export interface Pipeline<R extends EventRow, Result extends StoreResult> {
  readonly kind: Kind
  /** @throws AppError when the event can never be a row */
  readonly promote: (event: IncomingEvent) => R
  /** One transaction: all or nothing. */
  readonly store: (rows: readonly R[], replayedIds: readonly string[]) => Promise<Result>
  /** Called after the commit, for redelivered events too. */
  readonly announce?: (result: Result) => void
}

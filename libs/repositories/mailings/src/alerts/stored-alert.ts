import { sql } from 'kysely'

/** A time in which a condition held. */
export interface StoredAlert {
  readonly id: number
  readonly condition: string
  readonly facts: unknown
  /** Since when it holds. */
  readonly startedAt: Date
  readonly raisedAt: Date
  readonly remindedAt: Date | null
  /** Since when it does not hold any more. */
  readonly resolvedAt: Date | null
}

export interface AlertRow {
  id: number
  condition: string
  facts: string
  started_at: Date
  raised_at: Date
  reminded_at: Date | null
  resolved_at: Date | null
}

export const ALERT_COLUMNS = sql`alert.id, alert.condition, alert.facts::text as facts, alert.started_at, alert.raised_at, alert.reminded_at, alert.resolved_at`

export function toStoredAlert(row: AlertRow): StoredAlert {
  return {
    ...{ id: row.id, condition: row.condition, facts: JSON.parse(row.facts) as unknown },
    ...{ startedAt: row.started_at, raisedAt: row.raised_at },
    ...{ remindedAt: row.reminded_at, resolvedAt: row.resolved_at },
  }
}

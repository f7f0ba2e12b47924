/** What is known of one event: what was sent and acknowledged, and what the store holds of it. */
export interface EventRecord {
  /** Whether a key makes repeats harmless. */
  readonly isKeyed: boolean
  /** How often it was sent; at least as often as it was acknowledged. */
  readonly attempts: number
  readonly acknowledgements: number
  readonly rows: number
  readonly isDeadLettered: boolean
}

/** What became of one event. All counts are events, as rows count them. */
export interface EventBalance {
  /** Rows that were acknowledged. */
  readonly expected: number
  /** Acknowledged, neither stored nor dead-lettered. */
  readonly lost: number
  /** Acknowledged, not stored, kept among the dead letters. */
  readonly deadLettered: number
  /** Rows beyond those that it may have. */
  readonly doubled: number
  /** Stored without an acknowledgement: allowed, the answer was lost on its way. */
  readonly unacknowledged: number
  /** Acknowledged again, and rightly not stored again. */
  readonly duplicates: number
}

/**
 * The rule of exactly once: under a key, an event has one row however often it was sent. Without one, each
 * acknowledgement promises a row, and each attempt may have made one.
 */
export function balanceEvent(record: EventRecord): EventBalance {
  const { isKeyed, attempts, acknowledgements, rows, isDeadLettered } = record
  const expected = isKeyed ? Math.min(1, acknowledgements) : acknowledgements
  const allowed = isKeyed ? 1 : Math.max(1, attempts)
  const missing = Math.max(0, expected - rows)
  return {
    expected,
    lost: isDeadLettered ? 0 : missing,
    deadLettered: isDeadLettered ? missing : 0,
    doubled: Math.max(0, rows - allowed),
    unacknowledged: acknowledgements === 0 ? Math.min(rows, allowed) : 0,
    duplicates: acknowledgements - expected,
  }
}

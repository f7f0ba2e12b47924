/** A number of events with a few of them named. */
export interface Problem {
  count: number
  /** The first of them, e.g. `line 12`, with the row's id where there is one. */
  readonly examples: string[]
}

/** What became of one claim. All counts are events. */
export interface Findings {
  readonly label: string
  readonly kind: string
  /** Different events that were acknowledged. */
  acknowledged: number
  /** Rows. */
  stored: number
  /** Acknowledged, and neither stored nor among the dead letters. */
  readonly lost: Problem
  /** Rows beyond the one that an event may have. */
  readonly doubled: Problem
  /** Rows whose item is not what was sent. */
  readonly altered: Problem
  /** Acknowledged, not stored, kept among the dead letters. */
  readonly deadLettered: Problem
  /** Stored although no acknowledgement arrived: allowed, the answer was lost on its way. */
  readonly unacknowledged: Problem
  /** Acknowledged again, and rightly not stored again, because of their key. */
  duplicates: number
}

const MAX_EXAMPLES = 10

export function createFindings(label: string, kind: string): Findings {
  const none = (): Problem => ({ count: 0, examples: [] })
  return {
    label,
    kind,
    acknowledged: 0,
    stored: 0,
    lost: none(),
    doubled: none(),
    altered: none(),
    deadLettered: none(),
    unacknowledged: none(),
    duplicates: 0,
  }
}

export function addProblem(problem: Problem, example: string, count = 1): void {
  problem.count += count
  if (problem.examples.length < MAX_EXAMPLES) problem.examples.push(example)
}

/** Exactly once and unaltered, whatever else was found. */
export function isSound({ lost, doubled, altered }: Findings): boolean {
  return lost.count === 0 && doubled.count === 0 && altered.count === 0
}

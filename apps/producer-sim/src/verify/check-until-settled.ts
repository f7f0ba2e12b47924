import type { Database } from '@runnel/repositories-database'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkClaim } from './check-claim.ts'
import type { Claim } from './claim.ts'
import type { Findings } from './findings.ts'

export interface SettleOptions {
  /** Milliseconds to wait for events that are still on their way. */
  readonly settleMs: number
  /** Called after each pass. */
  readonly onPass?: (findings: readonly Findings[]) => void
}

const PAUSE_MS = 1000

/**
 * Checks claims again and again until nothing is missing and a second look finds no more rows, or until the time is
 * over: acknowledged events may still be in the broker.
 *
 * @throws what the database failed with, or the signal's reason when it aborts
 */
export async function checkUntilSettled(
  db: Database,
  claims: readonly Claim[],
  { settleMs, onPass }: SettleOptions,
  signal: AbortSignal,
): Promise<readonly Findings[]> {
  const deadline = performance.now() + settleMs
  let before = -1
  for (;;) {
    const findings: Findings[] = []
    for (const claim of claims) findings.push(await checkClaim(db, claim, signal))
    onPass?.(findings)
    const rows = findings.reduce((sum, { stored }) => sum + stored, 0)
    const missing = findings.some(({ lost }) => lost.count > 0)
    if ((!missing && rows === before) || performance.now() + PAUSE_MS > deadline) return findings
    before = rows
    await sleep(PAUSE_MS, undefined, { signal })
  }
}

import type { RetentionState } from '@runnel/contracts/api/system'
import { describeRetention, readTimeState, type Database } from '@runnel/repositories-database'

/** What is not known by then is not shown. */
const TIMEOUT_MS = 2000

/** @returns a function that reads whether old events are removed; null where that is not known. It never throws */
export function createReadRetention(database: Database): () => Promise<RetentionState | null> {
  return async () => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), TIMEOUT_MS)
    })
    const read = readState(database).catch(() => null)
    return Promise.race([read, late]).finally(() => clearTimeout(timer))
  }
}

async function readState(database: Database): Promise<RetentionState | null> {
  const state = await readTimeState(database)
  if (!state) return null
  const jumped = state.shifts.some(({ kind }) => kind === 'jump')
  return {
    suspendedBy: jumped ? 'jump' : (state.suspension?.reason ?? null),
    waitingDays: state.dueDays,
    notes: describeRetention(state),
  }
}

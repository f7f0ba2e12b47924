import { setTimeout as sleep } from 'node:timers/promises'
import { describeFault, typeOf, type Fault } from './fault.ts'

/** A fault that came, in milliseconds since the load began. */
export interface Entry {
  readonly fault: Fault
  readonly beganMs: number
  endedMs: number | undefined
  problem: unknown
}

/**
 * Lets each fault happen at its time, whatever else goes on. Resolves once all of them have ended.
 *
 * @returns what happened when
 */
export async function runSchedule(
  faults: readonly Fault[],
  beganMs: number,
  applyFault: (fault: Fault) => Promise<void>,
): Promise<Entry[]> {
  const entries: Entry[] = []
  const running: Promise<void>[] = []
  for (const fault of faults) {
    await sleep(Math.max(0, beganMs + fault.atMs - Date.now()))
    const entry: Entry = { fault, beganMs: Date.now() - beganMs, endedMs: undefined, problem: undefined }
    entries.push(entry)
    running.push(
      applyFault(fault).then(
        () => void (entry.endedMs = Date.now() - beganMs),
        (problem: unknown) => void (entry.problem = problem),
      ),
    )
  }
  await Promise.all(running)
  return entries
}

export function describeEntry({ fault, beganMs, endedMs, problem }: Entry): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  const until = endedMs === undefined ? 'never ended' : `until ${seconds(endedMs)}`
  const failed = problem === undefined ? '' : `: ${String(problem)}`
  return `${seconds(beganMs).padStart(8)} ${until}  ${describeFault(fault)}${failed}`
}

export function countTypes(entries: readonly Entry[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { fault } of entries) counts[typeOf(fault)] = (counts[typeOf(fault)] ?? 0) + 1
  return counts
}

import type { ReplicaSet } from '@runnel/repositories-database'
import { pause } from '@runnel/runtime'

/** Two small queries for each server; the least limit of the lag is twice as long. */
const PROBE_MS = 250

/** Asks all servers again and again how far they are. Resolves when the signal aborts. */
export async function followReplicas(
  replicas: Pick<ReplicaSet, 'probe'>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await replicas.probe()
    await pause(PROBE_MS, signal)
  }
}

import type { WatchedProcess } from './process-costs.ts'
import type { Sample } from './sample.ts'
import type { Turn } from './take-turns.ts'

/** What a process cost over all turns. */
export interface ProcessResult extends WatchedProcess {
  /** Largest of all measurements, in MB (2^20 bytes). */
  readonly peakMb: number
  /** CPU seconds for 100,000 operations, while the ceiling was measured and while Runnel was. */
  readonly ceilingCpu: number
  readonly runnelCpu: number
}

const OPERATIONS = 100_000

/** Those that were measured, in the order in which they were started. */
export function summariseProcesses(
  turns: readonly Turn[],
  watched: readonly WatchedProcess[],
): ProcessResult[] {
  const ceilings = turns.map((turn) => turn.ceiling)
  const runnels = turns.map((turn) => turn.runnel)
  return watched.flatMap((one) => {
    const peaks = [...ceilings, ...runnels].flatMap((sample) => useOf(sample, one)?.peakMb ?? [])
    if (peaks.length === 0) return []
    const [ceilingCpu, runnelCpu] = [cpuOf(ceilings, one), cpuOf(runnels, one)]
    return [{ ...one, peakMb: Math.max(...peaks), ceilingCpu, runnelCpu }]
  })
}

function useOf(sample: Sample, { process }: WatchedProcess) {
  return sample.processes.find((use) => use.process === process)
}

/** All turns together: a tick of the kernel's clock is long beside a short turn. */
function cpuOf(samples: readonly Sample[], one: WatchedProcess): number {
  const seconds = samples.reduce((sum, sample) => sum + (useOf(sample, one)?.cpuSeconds ?? 0), 0)
  const operations = samples.reduce((sum, sample) => sum + sample.operations, 0)
  return (seconds * OPERATIONS) / operations
}

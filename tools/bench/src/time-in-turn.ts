import type { Measurement } from './sample.ts'
import { percentile } from './statistics.ts'

/**
 * Runs one query after the other, each once the one before is answered.
 *
 * @param ask resolves with whether the answer was right
 * @param askers how many do so at the same time
 */
export async function timeInTurn(
  seconds: number,
  ask: () => Promise<boolean>,
  askers = 1,
): Promise<Measurement> {
  const times: number[] = []
  let errors = 0
  const from = performance.now()
  const askInTurn = async (): Promise<void> => {
    while (performance.now() - from < seconds * 1000) {
      const asked = performance.now()
      if (!(await ask())) errors++
      times.push(performance.now() - asked)
    }
  }
  await Promise.all(Array.from({ length: askers }, askInTurn))
  const rate = (times.length * 1000) / (performance.now() - from)
  return {
    rate,
    operations: times.length,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    errors,
  }
}

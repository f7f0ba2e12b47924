import type { Contest } from './contest.ts'
import type { LoadGenerator, Target } from './load/load-generator.ts'
import type { ProcessCosts } from './process-costs.ts'
import type { Measurement } from './sample.ts'

export interface HttpContestOptions {
  readonly generator: LoadGenerator
  readonly seconds: number
  readonly costs: ProcessCosts
  readonly ceiling: Target
  readonly runnel: Target
  readonly eventsPerRequest: number
  /** Before each measurement. */
  readonly before?: () => Promise<void>
}

/** Two addresses under the same load. */
export function createHttpContest(options: HttpContestOptions): Contest {
  const { generator, seconds, costs, eventsPerRequest } = options
  const run = (target: Target) => measureRequests(generator, target, seconds, eventsPerRequest)
  return {
    costs,
    ceiling: async () => {
      await options.before?.()
      return costs.measure(() => run(options.ceiling))
    },
    runnel: async () => {
      await options.before?.()
      return costs.measure(() => run(options.runnel))
    },
  }
}

/** One address under load. */
export async function measureRequests(
  generator: LoadGenerator,
  target: Target,
  seconds: number,
  eventsPerRequest = 1,
): Promise<Measurement> {
  const { requests, requestsPerSecond, p50Ms, p99Ms, errors } = await generator.run(target, seconds)
  const events = { rate: requestsPerSecond * eventsPerRequest, operations: requests * eventsPerRequest }
  return { ...events, p50Ms, p99Ms, errors }
}

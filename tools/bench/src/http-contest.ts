import type { Contest } from './contest.ts'
import type { LoadGenerator, Target } from './load/load-generator.ts'
import type { MemoryLog } from './memory-log.ts'
import type { Sample } from './sample.ts'

export interface HttpContestOptions {
  readonly generator: LoadGenerator
  readonly seconds: number
  readonly memory: MemoryLog
  readonly ceiling: Target
  readonly runnel: Target
  readonly eventsPerRequest: number
  /** Before each measurement of Runnel. */
  readonly before?: () => Promise<void>
  /** After each measurement of Runnel. */
  readonly after: () => void
}

const WARM_UP_SECONDS = 2

/** Two addresses under the same load. */
export function createHttpContest(options: HttpContestOptions): Contest {
  const { generator, eventsPerRequest } = options
  const measure = async (target: Target, seconds: number): Promise<Sample> => {
    const { requestsPerSecond, p99Ms, errors } = await generator.run(target, seconds)
    return { rate: requestsPerSecond * eventsPerRequest, p99Ms, errors }
  }
  const runnel = async (seconds: number): Promise<Sample> => {
    await options.before?.()
    const sample = await measure(options.runnel, seconds)
    options.after()
    return sample
  }
  return {
    memory: options.memory,
    warmUp: async () => {
      const seconds = Math.min(options.seconds, WARM_UP_SECONDS)
      await measure(options.ceiling, seconds)
      await runnel(seconds)
    },
    ceiling: () => measure(options.ceiling, options.seconds),
    runnel: () => runnel(options.seconds),
  }
}

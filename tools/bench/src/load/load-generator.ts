export interface Target {
  readonly url: string
  /** POSTed as JSON; without it, GET. */
  readonly body?: string
}

/** What a generator saw. */
export interface LoadResult {
  readonly requestsPerSecond: number
  readonly p99Ms: number
  /** Refused, failed and unanswered requests. */
  readonly errors: number
}

/** Sends requests over {@link CONNECTIONS} connections, each one as soon as the one before is answered. */
export interface LoadGenerator {
  readonly name: string
  /** @throws Error when it cannot run at all */
  run(target: Target, seconds: number): Promise<LoadResult>
}

export const CONNECTIONS = 64

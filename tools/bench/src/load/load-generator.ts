import type { IdWalk } from './id-walk.ts'

export interface Target {
  readonly url: string
  /** POSTed; without it, GET. */
  readonly body?: string | Buffer
  /** Beside a body. Default: that it is JSON. */
  readonly headers?: Readonly<Record<string, string>>
  /** Each request is for the next of them, in place of `{id}` in the address; only without a body. */
  readonly ids?: IdWalk
  /**
   * Requests a second at random intervals, over all connections; a little less as a connection waits for its answer. Default: as
   * fast as they are answered. Only with a body.
   */
  readonly perSecond?: number
}

/** What a generator saw. */
export interface LoadResult {
  /** Those that were answered. */
  readonly requests: number
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Refused, failed and unanswered requests. */
  readonly errors: number
}

/** Sends requests over {@link CONNECTIONS} connections, each one after the one before is answered. */
export interface LoadGenerator {
  readonly name: string
  /** @throws Error when it cannot run at all */
  run(target: Target, seconds: number): Promise<LoadResult>
}

export const CONNECTIONS = 64

export const JSON_HEADERS = { 'content-type': 'application/json' }

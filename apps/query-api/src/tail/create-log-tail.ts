import { gauge, type Metrics } from '@runnel/observability'
import type { QueryLimits } from '../limits.ts'
import type { Store } from '../store.ts'
import { LogTail, type LogTailOptions } from './log-tail.ts'
import { createReadAfter } from './create-read-after.ts'

import type { CreateShare } from '@runnel/http'

interface LogTailDeps extends Pick<LogTailOptions, 'log' | 'notices' | 'topology' | 'signal'> {
  readonly metrics: Metrics
  readonly limits: QueryLimits
  readonly createShare: CreateShare
}

const RETRY_FULL_MS = 5000

/** The live logs of this process. */
export function createLogTail(deps: LogTailDeps, store: Store): LogTail {
  const { log, metrics, notices, topology, limits, createShare, signal } = deps
  const queue = { lines: limits.tailLines, bytes: limits.tailBytes }
  const readAfter = createReadAfter(store, queue)
  const tail = new LogTail({
    log,
    notices,
    topology,
    signal,
    queue,
    readAfter,
    now: store.nowMs,
    backlogBytes: limits.tailBacklogBytes,
    share: createShare({
      name: 'tails',
      what: 'live tails',
      permits: limits.tailClients,
      retryAfterMs: RETRY_FULL_MS,
    }),
  })
  gauge(
    metrics,
    'runnel_log_tail_clients',
    'Clients that follow the logs live',
    [],
    (made) => made.set(tail.clients),
    'sum',
  )
  gauge(
    metrics,
    'runnel_log_tail_backlog_bytes',
    'Bytes of log entries that wait for being compared with the filters of live tails',
    [],
    (made) => made.set(tail.backlogBytes),
    'sum',
  )
  return tail
}

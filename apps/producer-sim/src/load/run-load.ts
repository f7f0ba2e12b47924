import type { Kind } from '@runnel/contracts'
import type { IngestClient } from '../http/ingest-client.ts'
import type { Answer } from '../http/parse-answer.ts'
import { postUntilAnswered } from '../http/post-until-answered.ts'
import type { AckLine } from '../ledger/ledger-line.ts'
import type { LedgerWriter } from '../ledger/open-ledger.ts'
import { chooseKind, type KindMix } from './kind-mix.ts'
import { countAnswer, recordLatency, type LoadStats } from './load-stats.ts'
import { runOpenLoop, type OpenLoopCounts, type OpenLoopOptions } from './open-loop.ts'
import { createPayload, PAYLOAD_VERSION, type PayloadSeed } from './create-payload.ts'
import { createRandom } from './random.ts'

export interface LoadOptions {
  readonly client: IngestClient
  readonly payload: PayloadSeed
  readonly mix: KindMix
  /** Events per request; 1 sends a single item, more an array. */
  readonly batchSize: number
  /** Requests per second and for how long. */
  readonly arrivals: OpenLoopOptions
  /** Milliseconds after which a keyed request is not tried again. */
  readonly giveUpAfterMs: number
  readonly ledger: LedgerWriter | undefined
}

/** A request that is about to be sent: events `from` to `from + count - 1` of a kind. */
interface Shot {
  readonly kind: Kind
  readonly from: number
  readonly count: number
}

/**
 * Produces load. Keyed requests are sent again while the server is busy; others never, for without a key a repeat may
 * store an event twice.
 *
 * @param stop ends the arrivals
 * @param abort ends the requests that are still unanswered then; they count as unacknowledged
 * @throws what the ledger cannot be written with, after all requests ended
 */
export async function runLoad(
  options: LoadOptions,
  stats: LoadStats,
  arrivals: OpenLoopCounts,
  stop: AbortSignal,
  abort: AbortSignal,
): Promise<void> {
  const { mix, batchSize: count, payload } = options
  const random = createRandom(payload.seed)
  const next: Record<Kind, number> = { metrics: 0, logs: 0, products: 0, traces: 0 }
  const failed = new AbortController()
  const fire = async (scheduledMs: number) => {
    const kind = chooseKind(mix, random)
    const shot = { kind, from: next[kind], count }
    next[kind] += count
    try {
      await shoot(options, shot, stats, scheduledMs, abort)
    } catch (error) {
      failed.abort(error)
    }
  }
  await options.ledger?.append({
    ...{ type: 'run', ...payload },
    payloadVersion: PAYLOAD_VERSION,
    startedAt: Date.now(),
  })
  await runOpenLoop(options.arrivals, arrivals, fire, AbortSignal.any([stop, failed.signal]))
  failed.signal.throwIfAborted()
}

async function shoot(
  { client, payload, giveUpAfterMs, ledger }: LoadOptions,
  shot: Shot,
  stats: LoadStats,
  scheduledMs: number,
  signal: AbortSignal,
): Promise<void> {
  const items = Array.from({ length: shot.count }, (_, i) => createPayload(payload, shot.kind, shot.from + i))
  const body = JSON.stringify(shot.count === 1 ? items[0] : items)
  stats.requests++
  stats.sent += shot.count
  let answer: Answer = { type: 'unreachable', reason: 'ended before an answer' }
  let attempts = 1
  try {
    const retry = { giveUpAfterMs: payload.keyed ? giveUpAfterMs : 0, onRetry: () => void stats.retries++ }
    ;({ answer, attempts } = await postUntilAnswered(client, shot.kind, body, signal, retry))
  } catch (error) {
    if (!signal.aborted) throw error
  }
  countAnswer(stats, answer.type === 'unreachable' ? answer.reason : String(answer.status))
  if (answer.type === 'accepted') {
    recordLatency(stats, performance.now() - scheduledMs)
    const ack = toAckLine(payload.run, shot, answer, attempts)
    const taken = shot.count - (ack.except?.length ?? 0)
    stats.acknowledged += taken
    stats.acknowledgedByKind[shot.kind] = (stats.acknowledgedByKind[shot.kind] ?? 0) + taken
    stats.rejected += shot.count - taken
    await ledger?.append(ack)
  } else if (answer.type === 'rejected' || answer.type === 'too-large') stats.rejected += shot.count
  else stats.unacknowledged += shot.count
}

function toAckLine(
  run: string,
  shot: Shot,
  answer: Answer & { type: 'accepted' },
  attempts: number,
): AckLine {
  const except = answer.rejected.map(({ index }) => shot.from + index)
  return {
    type: 'ack',
    run,
    ...shot,
    ...(except.length > 0 && { except }),
    status: answer.status,
    attempts,
    ...(answer.eventId !== undefined && { eventId: answer.eventId }),
    at: Date.now(),
  }
}

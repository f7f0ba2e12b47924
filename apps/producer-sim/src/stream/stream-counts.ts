import { KINDS, type Kind } from '@runnel/contracts'
import { describeAnswer, type Answer } from '../http/parse-answer.ts'

/** What became of events. `failed`: no 2xx came in time, stored or not is unknown; `skipped`: never sent, ingest-api was busy. */
export type Outcome = 'acknowledged' | 'rejected' | 'failed' | 'skipped'

type KindCounts = Record<Outcome | 'sent', number>

/** What a run counts. All but `answers` is in events. */
export interface StreamCounts {
  readonly byKind: Readonly<Record<Kind, KindCounts>>
  /** Tries by their status; `none` where no answer came. */
  readonly answers: Map<string, number>
  /** The last try that ended without a 2xx. */
  lastFailure: { readonly atMs: number; readonly reason: string } | undefined
}

export function createStreamCounts(): StreamCounts {
  const none = (): KindCounts => ({ sent: 0, acknowledged: 0, rejected: 0, failed: 0, skipped: 0 })
  return {
    byKind: Object.fromEntries(KINDS.map((kind) => [kind, none()])) as Record<Kind, KindCounts>,
    answers: new Map(),
    lastFailure: undefined,
  }
}

export function statusLabel(answer: Answer): string {
  return answer.type === 'unreachable' ? 'none' : String(answer.status)
}

export function countTry(counts: StreamCounts, answer: Answer): void {
  const label = statusLabel(answer)
  counts.answers.set(label, (counts.answers.get(label) ?? 0) + 1)
  if (answer.type !== 'accepted') counts.lastFailure = { atMs: Date.now(), reason: describeAnswer(answer) }
}

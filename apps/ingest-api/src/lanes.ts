import { KINDS, type Kind, type Topology } from '@runnel/contracts'
import { createGroupCommit, type GroupCommit, type Publisher } from '@runnel/messaging'
import { randomUUID } from 'node:crypto'
import type { IngestConfig } from './config.ts'
import type { Lane } from './intake.ts'

export interface Lanes {
  readonly byKind: Readonly<Record<Kind, Lane>>
  /** Publishes what still waits, and resolves when every caller has its answer. */
  close(): Promise<void>
}

export type LaneConfig = Pick<
  IngestConfig,
  'PUBLISH_DEADLINE_MS' | 'QUEUE_LIMIT_EVENTS' | 'QUEUE_LIMIT_BYTES'
>

/**
 * Two group commits per kind: envelopes of the second ask the consumer for an answer, so that the first, the hot one,
 * costs the consumer nothing.
 *
 * @param inbox where the answers go
 */
export function createLanes(
  publisher: Publisher,
  topology: Topology,
  inbox: string,
  config: LaneConfig,
): Lanes {
  const commits: GroupCommit[] = []
  const commit = (kind: Kind, replyTo?: string): GroupCommit => {
    const made = createGroupCommit({
      publisher,
      subject: topology.subject(kind),
      nextMessageId: randomUUID,
      ...(replyTo !== undefined && { replyTo }),
      limits: {
        publishDeadlineMs: config.PUBLISH_DEADLINE_MS,
        maxQueuedEvents: config.QUEUE_LIMIT_EVENTS,
        maxQueuedBytes: config.QUEUE_LIMIT_BYTES,
      },
    })
    commits.push(made)
    return made
  }
  const lanes = KINDS.map((kind) => [
    kind,
    { kind, commit: commit(kind), commitForReply: commit(kind, inbox) },
  ])
  return {
    byKind: Object.fromEntries(lanes) as Record<Kind, Lane>,
    close: async () => {
      await Promise.all(commits.map((made) => made.close()))
    },
  }
}

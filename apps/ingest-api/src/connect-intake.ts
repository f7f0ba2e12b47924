import { KINDS, type Kind, type Topology } from '@runnel/contracts'
import { createGroupCommit, type Broker, type GroupCommit } from '@runnel/messaging'
import { randomUUID } from 'node:crypto'
import type { IngestConfig } from './config.ts'
import { StoredReplies } from './stored-replies.ts'

/** How events of one kind get to the broker. */
export interface Lane {
  readonly kind: Kind
  /** Default: answered once the broker keeps the events. */
  readonly commit: GroupCommit
  /** For `?wait=stored`: envelopes of this publisher ask the consumer for an answer; those of the first, on the hot path, do not. */
  readonly commitForReply: GroupCommit
}

/** What stands between the routes and the broker. */
export interface Intake {
  readonly lanes: Readonly<Record<Kind, Lane>>
  readonly replies: StoredReplies
  /** Publishes what still waits, and resolves when every caller has its answer. */
  close(): Promise<void>
}

type LaneLimits = IngestConfig['publishing']

/** Lanes for each kind, and an inbox of this process for the consumer's answers. */
export function connectIntake(broker: Broker, topology: Topology, limits: LaneLimits): Intake {
  const replies = new StoredReplies(topology.inbox(randomUUID()))
  const unsubscribe = broker.subscribe(replies.inbox, (payload) => replies.receive(payload))
  const commit = (kind: Kind, replyTo?: string): GroupCommit =>
    createGroupCommit({
      publisher: broker,
      subject: topology.subject(kind),
      nextMessageId: randomUUID,
      ...(replyTo !== undefined && { replyTo }),
      limits,
    })
  const lanes = KINDS.map((kind): Lane => ({
    kind,
    commit: commit(kind),
    commitForReply: commit(kind, replies.inbox),
  }))
  const close = async () => {
    await Promise.all(lanes.flatMap((lane) => [lane.commit, lane.commitForReply]).map((one) => one.close()))
    unsubscribe()
  }
  const byKind = Object.fromEntries(lanes.map((lane) => [lane.kind, lane])) as Record<Kind, Lane>
  return { lanes: byKind, replies, close }
}

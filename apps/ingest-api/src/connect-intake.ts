import type { Topology } from '@runnel/contracts'
import type { Broker } from '@runnel/messaging'
import { randomUUID } from 'node:crypto'
import { createLanes, type LaneConfig, type Lanes } from './lanes.ts'
import { StoredReplies } from './stored-replies.ts'

/** What stands between the routes and the broker. */
export interface Intake {
  readonly lanes: Lanes['byKind']
  readonly replies: StoredReplies
  /** Publishes what still waits, and resolves when every caller has its answer. */
  close(): Promise<void>
}

/** Lanes for each kind, and an inbox of this process for the consumer's answers. */
export function connectIntake(broker: Broker, topology: Topology, config: LaneConfig): Intake {
  const replies = new StoredReplies(topology.inbox(randomUUID()))
  const unsubscribe = broker.subscribe(replies.inbox, (payload) => replies.receive(payload))
  const lanes = createLanes(broker, topology, replies.inbox, config)
  const close = async () => {
    await lanes.close()
    unsubscribe()
  }
  return { lanes: lanes.byKind, replies, close }
}

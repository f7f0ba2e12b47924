import { createTopology, KINDS, type Topology } from '@runnel/contracts'
import type { AppName } from '@runnel/contracts/apps'

/** What a user of NATS may publish and subscribe to; everything else is refused. */
export interface NatsPermissions {
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
}

/** The apps that talk to NATS. */
export type NatsApp = Exclude<AppName, 'producer-sim'>

const topology = createTopology('')
const inboxes = topology.inbox('*')

/** The least that each app works with. A test runs all of them with it, and fails for a violation. */
export const NATS_PERMISSIONS: Readonly<Record<NatsApp, NatsPermissions>> = {
  'ingest-api': {
    publish: [
      ...KINDS.map((kind) => topology.subject(kind)),
      ...streamCalls(topology),
      ...[topology.clockWanted, topology.keysWanted],
    ],
    subscribe: ['_INBOX.ingest-api.>', inboxes, topology.clock, topology.keys],
  },
  consumer: {
    publish: [
      ...streamCalls(topology),
      ...deliveryCalls(topology),
      ...[inboxes, topology.changes, topology.logsStored, topology.clock, topology.keysWanted],
    ],
    subscribe: ['_INBOX.consumer.>', topology.logsWanted, topology.clockWanted, topology.keys],
  },
  'query-api': {
    publish: [topology.logsWanted, topology.keysWanted],
    subscribe: ['_INBOX.query-api.>', topology.changes, topology.logsStored, topology.keys],
  },
  'message-dispatcher': {
    publish: [topology.wake, topology.keys, topology.keysWanted],
    subscribe: ['_INBOX.message-dispatcher.>', topology.wake, topology.keys, topology.keysWanted],
  },
}

/** Creating streams and their durables, and looking at them. No app may purge or delete a stream. */
function streamCalls({ stream, durable }: Topology): string[] {
  return KINDS.flatMap((kind) => [
    ...['INFO', 'CREATE', 'UPDATE'].map((call) => `$JS.API.STREAM.${call}.${stream(kind)}`),
    ...['INFO', 'CREATE', 'DURABLE.CREATE', 'DELETE'].map(
      (call) => `$JS.API.CONSUMER.${call}.${stream(kind)}.${durable(kind)}`,
    ),
  ])
}

/** Fetching messages, and settling them. */
function deliveryCalls({ stream, durable }: Topology): string[] {
  return KINDS.flatMap((kind) => [
    `$JS.API.CONSUMER.MSG.NEXT.${stream(kind)}.${durable(kind)}`,
    `$JS.ACK.${stream(kind)}.${durable(kind)}.>`,
  ])
}

/** Subjects that third parties may publish to. */
export const SENDER_SUBJECTS: readonly string[] = KINDS.map((kind) => topology.subject(kind))

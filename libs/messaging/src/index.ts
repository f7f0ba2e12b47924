export { decodeEnvelope, encodeEnvelope, encodeEvent } from './envelope.ts'
export { PublishRefusedError, PublishUnknownError } from './publish-errors.ts'
export { createGroupCommit } from './group-commit.ts'
export {
  GROUP_COMMIT_LIMITS,
  type GroupCommit,
  type GroupCommitLimits,
  type GroupCommitOptions,
  type GroupCommitStats,
} from './group-commit-options.ts'
export type { SubmitResult } from './group-envelope.ts'
export type { MessagingLog } from './messaging-log.ts'
export { createMemoryBroker, type MemoryBrokerOptions } from './memory/memory-broker.ts'
export { connectNats, type NatsOptions } from './nats/connect-nats.ts'
export type {
  Backlog,
  BatchLimits,
  Broker,
  ConsumeOptions,
  Consumer,
  Message,
  Notices,
  OutgoingMessage,
  Publisher,
  StreamSpec,
} from './ports.ts'
export { ensureStreams, streamSpecs, type StreamConfig } from './stream-specs.ts'

export { connectBroker } from './connect-broker.ts'
export { EncodedEvents, EventKeyPrefix } from './encoded-events.ts'
export { decodeEnvelope, encodeEnvelope, encodeEvent } from './envelope.ts'
export { createGroupCommit } from './group-commit.ts'
export type { GroupCommit } from './group-commit-options.ts'
export type {
  Backlog,
  BatchLimits,
  Broker,
  Consumer,
  Message,
  Notices,
  Position,
  Publisher,
  StreamSpec,
} from './ports.ts'
export { PublishRefusedError } from './publish-errors.ts'
export { ensureStreams, streamSpecs } from './stream-specs.ts'

export { PublishRefusedError, PublishUnknownError } from './errors.ts'
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

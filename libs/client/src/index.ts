export type { ApiKey } from './api-key.ts'
export {
  createDispatcherClient,
  createIngestClient,
  createQueryClient,
  type DispatcherClient,
  type IngestClient,
  type QueryClient,
  type RestOptions,
} from './rest-clients.ts'
export {
  createSender,
  type Sender,
  type SenderCounts,
  type SenderOptions,
  type TakeOptions,
} from './sender/create-sender.ts'
export type { Clock } from './sender/clock.ts'
export type { EventKind, EventOfKind, Log, Metric, Product, Span } from './sender/event-kinds.ts'
export type { WhenFull } from './sender/batch-sender.ts'
export type { Retry } from './sender/deliver-batch.ts'
export { SenderClosedError, SenderFullError } from './sender/sender-errors.ts'
export type { SenderLimits } from './sender/sender-limits.ts'
export type { OnUndelivered, Refusal, UndeliveredEvent } from './sender/undelivered.ts'

import type { MessageDispatcherDeps } from './app.ts'
import type { CountMessages } from './message-counts.ts'
import type { Wake } from './wake.ts'

/** What the rooms of this app share. */
export interface Parts extends MessageDispatcherDeps {
  readonly wake: Wake
  readonly countMessages: CountMessages
}

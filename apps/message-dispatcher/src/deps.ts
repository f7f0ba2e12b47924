import type { CacheKeys, TokenBuckets } from '@runnel/cache'
import type { Topology } from '@runnel/contracts'
import type { HttpOptions } from '@runnel/http'
import type { Notices } from '@runnel/messaging'
import type { Logger, Metrics } from '@runnel/observability'
import type { Database } from '@runnel/repositories-database'
import type { ClientOptions } from './clients/settings.ts'
import type { Clock } from './clock.ts'
import type { CountMessages } from './message-counts.ts'
import type { ChangedKeys } from './keys/changed-keys.ts'
import type { DashboardOptions } from './dashboards/settings.ts'
import type { KeyOptions } from './keys/settings.ts'
import type { NotificationOptions } from './notifications/settings.ts'
import type { ScheduleOptions } from './schedule/schedule-options.ts'
import type { SendingOptions } from './sending/settings.ts'
import type { Wake } from './wake.ts'

/** What the app is built from. */
export interface MessageDispatcherDeps {
  readonly log: Logger
  readonly metrics: Metrics
  readonly database: Database
  /** For commands of people (schedule, pause, resume, cancel): connections that nothing else takes. Default: `database`. */
  readonly commands?: Database | undefined
  readonly notices: Notices
  readonly topology: Topology
  /** Where replicas share their rates; without it each takes its part. */
  readonly redis?: TokenBuckets
  readonly cacheKeys: Pick<CacheKeys, 'rate'>
  readonly clock: Clock
  readonly clients: ClientOptions
  readonly schedule: ScheduleOptions
  readonly sending: SendingOptions
  readonly notifications: NotificationOptions
  readonly keys: KeyOptions
  readonly dashboards: DashboardOptions
  /** Told of changes of keys; without, replicas find them by polling. */
  readonly changedKeys?: ChangedKeys | undefined
  /** For reports and alerts: connections that sending never waits for. Default: `database`. */
  readonly notificationDatabase?: Database | undefined
  /** Certificates that the mail server is trusted by, beside those of Node. */
  readonly smtpCa?: string | undefined
  /** Of what a page of a list holds. */
  readonly pageBytes: number
  /** How requests are judged before their routes. Default: the settings of an empty environment. */
  readonly httpOptions?: HttpOptions | undefined
  /** Aborted when the process drains. */
  readonly signal: AbortSignal
  /** Aborted when little time is left for the drain: nothing waits for the database any more. */
  readonly lastCall: AbortSignal
}

/** What routes, schedule and sending share. */
export interface Deps extends MessageDispatcherDeps {
  readonly wake: Wake
  readonly countMessages: CountMessages
}

import type { Kind, Topology } from '@runnel/contracts'
import type { Broker, StreamSpec } from '@runnel/messaging'
import type { Logger } from '@runnel/observability'
import type { FakeGateway } from '@runnel/producer-sim'
import type { Database, DatabaseClock, Timekeeper } from '@runnel/repositories-database'
import type { CleanupStack } from '@runnel/runtime'
import type { FollowedKeys } from '@runnel/repositories-access'
import type { StandaloneConfig } from './config.ts'

/** What everything in the process shares. */
export interface StandaloneDeps {
  readonly config: StandaloneConfig
  readonly database: Database
  /** The database's clock, which here is that of this process. */
  readonly clock: DatabaseClock
  /** The time of events: never behind what was stored. */
  readonly timekeeper: Timekeeper
  readonly broker: Broker
  readonly topology: Topology
  readonly specs: Readonly<Record<Kind, StreamSpec>>
  /** One directory for all apps; undefined where keys are not asked for. */
  readonly keys: FollowedKeys | undefined
  /** What is started last is drained first. */
  readonly cleanup: CleanupStack
  /** @param app whose name stands on every line */
  readonly createLog: (app: string) => Logger
}

/** What an app is started with. */
export interface AppDeps extends StandaloneDeps {
  readonly gateway: FakeGateway
}

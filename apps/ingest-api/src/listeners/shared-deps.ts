import type { Logger } from '@runnel/observability'
import type { Submit } from './create-submit.ts'
import type { ListenerCounts } from './listener-metrics.ts'
import type { ListenerLimits } from './settings.ts'

/** What every listener is made with. */
export interface ListenerDeps {
  /** Of the listener, for metrics and log: `syslog-tcp`. */
  readonly name: string
  readonly limits: ListenerLimits
  readonly submit: Submit
  readonly counts: ListenerCounts
  readonly log: Logger
  /** Writes a line about a client, and no more than one a minute. */
  readonly warn: (fields: {
    readonly address: string
    readonly reason: string
    readonly err?: unknown
  }) => void
  /** Whether an address may send at all. */
  readonly isAllowed: (address: string) => boolean
  /** Aborted when a drain may take no longer. */
  readonly lastCall: AbortSignal
}

/** A port that is open. */
export interface OpenListener {
  readonly name: string
  readonly transport: 'tcp' | 'tls' | 'udp'
  readonly port: number
  /** Takes nothing more; resolves once what was read is with the broker, acknowledged, or given up at the last call. */
  close(): Promise<void>
}

import type { Retention } from '@runnel/repositories-database'

export interface ScheduleOptions {
  /** Milliseconds between two checks for due mailings, unless a notice arrives earlier. */
  readonly intervalMs: number
  /** Clients that become messages in one transaction. */
  readonly materialiseClients: number
  /** Recipients beyond which another person has to approve a mailing; 0: none has to. */
  readonly secondPersonAbove: number
  /** What is kept of the audit log. */
  readonly auditLog: Retention
  /** What is kept of the texts that were sent. 0 days: none is kept, nor the phones of attempts. */
  readonly sentTexts: Retention
  /** Milliseconds between two comparisons of statistics with messages. */
  readonly checkIntervalMs: number
}

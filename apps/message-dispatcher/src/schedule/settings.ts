import { ConfigError, integer } from '@runnel/runtime'

/**
 * To be called at the start: without access control one person cannot be distinguished from another.
 *
 * @throws ConfigError
 */
export function requireSecondPerson(
  { secondPersonAbove }: { readonly secondPersonAbove: number },
  auth: 'keys' | 'none' | 'unset',
): void {
  if (secondPersonAbove > 0 && auth !== 'keys')
    throw new ConfigError([
      'MAILING_SECOND_PERSON_ABOVE needs AUTH=keys: without it one person cannot be distinguished from another',
    ])
}

/** What the schedule of mailings reads from the environment. */
export const scheduleSettings = {
  intervalMs: integer(
    'SCHEDULE_INTERVAL_MS',
    1000,
    'Milliseconds between two checks for mailings that are due',
    { min: 10 },
  ),
  materialiseClients: integer(
    'MATERIALISE_CLIENTS',
    30_000,
    'Clients that become messages in one transaction',
    { min: 1, max: 65_536 },
  ),
  secondPersonAbove: integer(
    'MAILING_SECOND_PERSON_ABOVE',
    0,
    'Recipients beyond which a mailing waits until a person who did not write it has approved it; 0: none has to. Needs AUTH=keys',
    { max: 1_000_000_000 },
  ),
  auditLog: {
    days: integer('AUDIT_LOG_RETENTION_DAYS', 365, 'Days that entries of the audit log are kept', {
      min: 1,
      max: 3650,
    }),
    bytes: integer(
      'AUDIT_LOG_RETENTION_BYTES',
      256 * 1024 ** 2,
      'Bytes of the audit log that are kept; the oldest entries are removed beyond that',
      { min: 1024 ** 2 },
    ),
  },
  sentTexts: {
    days: integer(
      'SENT_TEXT_RETENTION_DAYS',
      30,
      'Days that the texts of messages are kept as they were sent; no longer than RETENTION_DAYS, with which attempts go. 0: neither texts nor phones are kept',
      { min: 0, max: 3650 },
    ),
    bytes: integer(
      'SENT_TEXT_RETENTION_BYTES',
      1024 ** 3,
      'Bytes of sent texts, compressed, that are kept; the oldest are removed beyond that',
      { min: 1024 ** 2 },
    ),
  },
  checkIntervalMs: integer(
    'STATISTICS_CHECK_INTERVAL_MS',
    600_000,
    'Milliseconds between two comparisons of the statistics of running mailings with their messages',
    { min: 100 },
  ),
}

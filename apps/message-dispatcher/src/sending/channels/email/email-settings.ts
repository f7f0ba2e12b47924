import { integer } from '@runnel/runtime'
import { mailServerSettings } from '../../../smtp/mail-server-settings.ts'

/** What mailings by e-mail read from the environment. */
export const emailSettings = {
  ...mailServerSettings({ prefix: 'EMAIL', purpose: 'mailings' }),
  connections: integer(
    'EMAIL_CONNECTIONS',
    10,
    'Connections to the mail server that a process may hold, and e-mails that it sends at a time',
    { min: 1, max: 1000 },
  ),
  ratePerSecond: integer(
    'EMAIL_RATE_PER_SECOND',
    0,
    'E-mails a second that all replicas send together; 0: no limit',
    { max: 1_000_000 },
  ),
}

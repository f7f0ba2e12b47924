import { flag, integer, networks } from '@runnel/runtime'
import { secondWebhookSecret, webhookSecret } from '../../../webhook-secret.ts'

/** What mailings to webhooks read from the environment. */
export const webhookSettings = {
  secret: webhookSecret(
    'WEBHOOK_SECRET',
    'Without it no mailing goes out to webhooks. Key that their messages are signed with',
  ),
  secretSecond: secondWebhookSecret('WEBHOOK_SECRET'),
  deduplicates: flag(
    'WEBHOOK_DEDUPLICATES',
    true,
    'Whether receivers recognise a repeated webhook-id; if so, a message with an unknown outcome is sent again',
  ),
  allowedNetworks: networks(
    'WEBHOOK_ALLOWED_NETWORKS',
    'IP addresses or networks (10.0.0.0/8) that webhooks of clients may lead to although they are private; with commas between them',
  ),
  timeoutMs: integer(
    'WEBHOOK_TIMEOUT_MS',
    10_000,
    'Milliseconds that one call of a webhook may take in all',
    {
      min: 10,
      max: 300_000,
    },
  ),
  connections: integer('WEBHOOK_CONNECTIONS', 64, 'Calls of webhooks that a process makes at a time', {
    min: 1,
    max: 10_000,
  }),
  ratePerSecond: integer(
    'WEBHOOK_RATE_PER_SECOND',
    0,
    'Calls of webhooks a second that all replicas make together; 0: no limit',
    { max: 1_000_000 },
  ),
}

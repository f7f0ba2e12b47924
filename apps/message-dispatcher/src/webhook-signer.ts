import { Webhook } from 'standardwebhooks'

/** @returns the value of `webhook-signature` */
export type WebhookSigner = (messageId: string, at: Date, body: string) => string

/** @param secrets whsec_...; each signs, so that receivers may know either of two while the secret is rotated */
export function createWebhookSigner(secrets: readonly string[]): WebhookSigner {
  const webhooks = secrets.map((secret) => new Webhook(secret))
  return (messageId, at, body) => webhooks.map((webhook) => webhook.sign(messageId, at, body)).join(' ')
}

import { createHash } from 'node:crypto'

/** A URL that notifications are posted to. */
export interface WebhookTarget {
  /** For rows and people: paths of such addresses often are secrets. */
  readonly name: string
  readonly url: string
}

/** Names a webhook by its host and a short hash of the whole address, so that it is found again in the settings. */
export function toWebhookTarget(url: string): WebhookTarget {
  const hash = createHash('sha256').update(url).digest('hex').slice(0, 8)
  return { name: `${new URL(url).host} (${hash})`, url }
}

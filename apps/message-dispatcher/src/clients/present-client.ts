import type { Client } from '@runnel/contracts/api/client'
import type { StoredClient } from '@runnel/repositories-mailings'

/** A client as the API shows it. */
export function presentClient(client: StoredClient): Client {
  return {
    id: client.id,
    phone: String(client.phone),
    operatorCode: client.operatorCode,
    tag: client.tag,
    timeZone: client.timeZone,
    attributes: client.attributes,
    optedOut: client.optedOutAt !== null,
    optedOutAt: client.optedOutAt?.toISOString() ?? null,
    createdAt: client.createdAt.toISOString(),
    updatedAt: client.updatedAt.toISOString(),
  }
}

import { url, type SettingsOf } from '@runnel/runtime'

const SCHEMES = ['http', 'https']

/** Where the other apps answer. */
export const serviceUrlSettings = {
  INGEST_URL: url('http://127.0.0.1:8080', 'ingest-api, as its own origin without a path', SCHEMES),
  MESSAGE_DISPATCHER_URL: url(
    'http://127.0.0.1:8081',
    'message-dispatcher, to which the console writes',
    SCHEMES,
  ),
  CONSUMER_URL: url('http://127.0.0.1:8082', 'A consumer, whose health the console shows', SCHEMES),
  PRODUCER_SIM_URL: url('http://127.0.0.1:8083', 'producer-sim, whose health the console shows', SCHEMES),
}

/** The other apps by name, each with its origin. */
export type Services = Readonly<Record<ServiceName, string>>

export type ServiceName = 'ingest-api' | 'message-dispatcher' | 'consumer' | 'producer-sim'

export function servicesOf(config: SettingsOf<typeof serviceUrlSettings>): Services {
  return {
    'ingest-api': new URL(config.INGEST_URL).origin,
    'message-dispatcher': new URL(config.MESSAGE_DISPATCHER_URL).origin,
    consumer: new URL(config.CONSUMER_URL).origin,
    'producer-sim': new URL(config.PRODUCER_SIM_URL).origin,
  }
}

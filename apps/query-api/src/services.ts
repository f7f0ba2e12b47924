import { ingestUrl, url, type Setting, type SettingsOf } from '@runnel/runtime'

const SCHEMES = ['http', 'https']

/** Where the other apps answer, by their names. */
export const serviceUrlSettings = {
  'ingest-api': origin(ingestUrl()),
  'message-dispatcher': origin(
    url('MESSAGE_DISPATCHER_URL', 'http://127.0.0.1:8081', 'Base URL of message-dispatcher', SCHEMES),
  ),
  consumer: origin(url('CONSUMER_URL', 'http://127.0.0.1:8082', 'Base URL of a consumer', SCHEMES)),
  'producer-sim': origin(
    url('PRODUCER_SIM_URL', 'http://127.0.0.1:8083', 'Base URL of producer-sim', SCHEMES),
  ),
}

/** The other apps by name, each with its origin. */
export type Services = SettingsOf<typeof serviceUrlSettings>

export type ServiceName = keyof Services

/** What is forwarded keeps its own path: of the URL, only the origin counts. */
function origin(setting: Setting<string>): Setting<string> {
  return { ...setting, parse: (text) => new URL(setting.parse(text)).origin }
}

import { FAKE_GATEWAY } from '@runnel/contracts/apps'
import { gatewaySettings as sharedSettings, httpUrl, integer } from '@runnel/runtime'

/** What the gateway reads from the environment. */
export const gatewaySettings = {
  url: httpUrl(
    'GATEWAY_URL',
    `http://127.0.0.1:${FAKE_GATEWAY.port}`,
    'Gateway that messages are sent through; its query goes with every call',
    { credentials: 'GATEWAY_TOKEN', query: true },
  ),
  ...sharedSettings,
  timeoutMs: integer('GATEWAY_TIMEOUT_MS', 10_000, 'Milliseconds that one attempt to send may take in all', {
    min: 10,
    max: 300_000,
  }),
  connectTimeoutMs: integer(
    'GATEWAY_CONNECT_TIMEOUT_MS',
    2000,
    'Milliseconds of GATEWAY_TIMEOUT_MS that connecting may take',
    { min: 10, max: 300_000 },
  ),
  connections: integer('GATEWAY_CONNECTIONS', 128, 'Connections to the gateway that a process may hold', {
    min: 1,
    max: 10_000,
  }),
}

import { choice, integer, text, url } from '@runnel/runtime'

/** What gateway, breaker and rates read from the environment. */
export const gatewaySettings = {
  GATEWAY_URL: url('http://127.0.0.1:8090', 'Gateway that messages are sent through', ['http', 'https']),
  GATEWAY_TOKEN: text('runnel', 'Bearer token for the gateway', {
    pattern: /^[\x21-\x7e]{1,4096}$/,
    expected: 'printable ASCII without blanks',
    secret: true,
  }),
  GATEWAY_TIMEOUT_MS: integer(10_000, 'Milliseconds that one attempt to send may take in all', {
    min: 10,
    max: 300_000,
  }),
  GATEWAY_CONNECT_TIMEOUT_MS: integer(2000, 'Milliseconds of them to connect to the gateway', {
    min: 10,
    max: 300_000,
  }),
  GATEWAY_CONNECTIONS: integer(128, 'Connections to the gateway that a process may hold', {
    min: 1,
    max: 10_000,
  }),
  GATEWAY_DEDUPLICATES: choice(
    'true',
    'Whether the gateway recognises a repeated message id: then what has an unknown outcome is sent again',
    ['true', 'false'],
  ),
  SEND_RATE_PER_SECOND: integer(0, 'Messages a second that all replicas send together; 0: no limit', {
    max: 1_000_000,
  }),
  BREAKER_PROBE_INTERVAL_MS: integer(
    5000,
    'Milliseconds between two looks whether a gateway that was away is back',
    { min: 100, max: 600_000 },
  ),
}

import { FAKE_GATEWAY } from '@runnel/contracts/apps'
import { choice, gatewaySettings as sharedSettings, httpUrl, integer, list } from '@runnel/runtime'

/** Codes that one setting names. */
const MAX_CODES = 100

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
  success: choice(
    'GATEWAY_SUCCESS',
    'code',
    'What a yes is. code: 2xx with `code` 0; status: also a 2xx that is empty (204) or gives no code',
    ['code', 'status'],
  ),
  transientCodes: list(
    'GATEWAY_TRANSIENT_CODES',
    'Codes of a 2xx that mean "not now", with commas between them: such messages are repeated for as long as their mailing lasts; with any other code 3 times',
    parseCode,
    MAX_CODES,
  ),
  maxAnswerBytes: integer(
    'GATEWAY_MAX_ANSWER_BYTES',
    1024 * 1024,
    'Bytes of an answer of the gateway, also once it is inflated; a longer one leaves it open whether the message was taken',
    { min: 1024, max: 64 * 1024 * 1024 },
  ),
}

function parseCode(text: string): number {
  const code = Number(text)
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(code) && code !== 0) return code
  throw new Error('whole numbers other than 0, with commas between them')
}

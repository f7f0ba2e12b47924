import type { AppName } from '@runnel/contracts/apps'
import type { AccessSettings } from './access-settings.ts'
import { networks } from './network-settings.ts'
import { describeOpenAccess } from './require-safe-access.ts'
import { integer, list } from './setting-types.ts'
import type { SettingsOf } from './settings.ts'
import type { TlsSettings } from './tls-settings.ts'

/** A host name as a browser sends it: letters of other scripts are written in Punycode there. */
const NAME = /^[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?$/
const MAX_ITEMS = 100

/** How every app judges requests before it looks at their routes. */
export const httpSettings = {
  allowedHosts: list(
    'ALLOWED_HOSTS',
    'Names, without ports, under which the apps are reached beside IP addresses and localhost; with commas between them',
    parseHostName,
    MAX_ITEMS,
  ),
  trustedProxies: networks(
    'TRUSTED_PROXIES',
    'IP addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded headers are believed; with commas between them',
  ),
  clients: {
    slowMs: integer(
      'SLOW_CLIENT_MS',
      10_000,
      'Milliseconds in which a client has to send SLOW_CLIENT_BYTES of a body, or to take as much of an answer',
      { min: 1000, max: 600_000 },
    ),
    slowBytes: integer('SLOW_CLIENT_BYTES', 4096, 'Bytes for SLOW_CLIENT_MS', { min: 1, max: 1024 ** 2 }),
    waitingBytes: integer(
      'ANSWERS_WAITING_BYTES',
      128 * 1024 ** 2,
      'Bytes of answers that may wait for all clients; beyond them the slowest connections are cut',
      { min: 1024 ** 2 },
    ),
  },
  peerPercent: integer(
    'PEER_SHARE_PERCENT',
    80,
    'Percent of each pool (searches, exports, live tails, bodies, imports) that one client address may hold',
    { min: 1, max: 100 },
  ),
  drainTimeoutMs: integer(
    'DRAIN_TIMEOUT_MS',
    5000,
    'Milliseconds for which the rest of a body is read whose request was answered already',
  ),
  drainLimitBytes: integer(
    'DRAIN_LIMIT_BYTES',
    10 * 1024 ** 2,
    'Bytes of such a rest that are read, where that is more than twice the largest body that the route takes',
  ),
  drainConnectionsPerPeer: integer(
    'DRAIN_CONNECTIONS_PER_PEER',
    64,
    'Connections of one address for which that is done at a time',
  ),
}

type HttpSettings = SettingsOf<typeof httpSettings>

/** What {@link httpOptionsOf} is made of. */
interface ListenerSettings {
  readonly host: string
  readonly http: HttpSettings
  readonly access: AccessSettings
  /** Default: plain http. */
  readonly tls?: TlsSettings
}

/**
 * What a server judges requests by. An app that listens on a name is reached under that name.
 *
 * @param app that is called: identities for another one are refused
 * @param keys where API keys are looked up; without, none is accepted
 */
export function httpOptionsOf<Keys = undefined>(
  { host, http, access, tls }: ListenerSettings,
  app: AppName,
  keys?: Keys,
) {
  return {
    ...http,
    allowedHosts: [...http.allowedHosts, host.toLowerCase()],
    access: { ...access, app, keys, note: describeOpenAccess({ host, http, access, tls }) },
    tls,
  }
}

function parseHostName(text: string): string {
  const url = `http://${text}`
  const name = URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : ''
  if (/[/\\?#@:]/.test(text) || !NAME.test(name)) throw new Error('names of hosts without scheme and port')
  return name
}

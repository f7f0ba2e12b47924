import { isIP } from 'node:net'

const DEFAULT_PORT = 4222
const EXPECTED =
  'The URL of the broker is not valid: expected nats://[user:password@]host:port, several separated by commas'

/** A server of a cluster, as its URL names it. */
export interface ServerAddress {
  /** Without brackets. */
  readonly hostname: string
  readonly port: number
  /** Whether the URL asks for TLS. */
  readonly isSecure: boolean
  readonly login: ServerLogin | undefined
}

type ServerLogin = { readonly user: string; readonly pass: string } | { readonly token: string }

/**
 * @param url `nats://[user:password@]host:port` or `tls://...`, several separated by commas. What stands before `@` without a
 *   colon is a token. Of several, those without a login take that of the first one that has one.
 * @throws TypeError for an invalid URL
 */
export function parseServers(url: string): ServerAddress[] {
  const servers = url.split(',').map((server) => parseServer(server.trim()))
  const login = servers.find((server) => server.login !== undefined)?.login
  return servers.map((server) => ({ ...server, login: server.login ?? login }))
}

function parseServer(text: string): ServerAddress {
  const full = text.includes('://') ? text : `nats://${text}`
  if (!URL.canParse(full) || new URL(full).hostname === '') throw new TypeError(EXPECTED)
  const url = new URL(full)
  return {
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    isSecure: url.protocol === 'tls:',
    login: loginOf(url),
  }
}

function loginOf({ username, password }: URL): ServerLogin | undefined {
  if (username === '') return undefined
  try {
    const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)]
    return password === '' ? { token: user } : { user, pass }
  } catch {
    // The cause would show what it could not decode.
    throw new TypeError('The login in the URL of the broker is not valid: write a % as %25')
  }
}

/** `host:port`, for the client and for logs. */
export function hostPortOf({ hostname, port }: ServerAddress): string {
  return isIP(hostname) === 6 ? `[${hostname}]:${port}` : `${hostname}:${port}`
}

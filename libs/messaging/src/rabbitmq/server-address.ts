const DEFAULT_PORTS = { amqp: 5672, amqps: 5671 } as const
const EXPECTED =
  'The URL of the broker is not valid: expected amqp://[user:password@]host:port[/vhost], several separated by commas'

/** A node of a cluster, as its URL names it. */
export interface ServerAddress {
  readonly protocol: 'amqp' | 'amqps'
  /** Without brackets. */
  readonly hostname: string
  readonly port: number
  readonly vhost: string
  readonly username: string
  readonly password: string
}

/**
 * @param url `amqp://[user:password@]host:port[/vhost]` or `amqps://...`, several separated by commas. Of several, those without
 *   a login or a vhost take those of the first one. Without any: `guest`, which RabbitMQ lets in from its own machine alone.
 * @throws TypeError for an invalid URL
 */
export function parseServers(url: string): ServerAddress[] {
  const parsed = url.split(',').map((text) => parseUrl(text.trim()))
  const [first] = parsed
  const login = loginOf(parsed.find(({ username }) => username !== '') ?? first!)
  const vhost = vhostOf(parsed.find(({ pathname }) => pathname.length > 1) ?? first!)
  return parsed.map((each) => {
    const protocol = each.protocol === 'amqps:' ? 'amqps' : 'amqp'
    return {
      protocol,
      hostname: each.hostname.replace(/^\[|\]$/g, ''),
      port: each.port === '' ? DEFAULT_PORTS[protocol] : Number(each.port),
      vhost: each.pathname.length > 1 ? vhostOf(each) : vhost,
      ...(each.username === '' ? login : loginOf(each)),
    }
  })
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new TypeError(EXPECTED)
  const url = new URL(text)
  const isKnown = url.protocol === 'amqp:' || url.protocol === 'amqps:'
  // More than one segment: a slash in the name of a vhost is written as %2F.
  if (!isKnown || url.hostname === '' || url.pathname.lastIndexOf('/') > 0) throw new TypeError(EXPECTED)
  return url
}

function loginOf({ username, password }: URL): { readonly username: string; readonly password: string } {
  if (username === '') return { username: 'guest', password: 'guest' }
  return { username: decode(username), password: decode(password) }
}

function vhostOf({ pathname }: URL): string {
  return pathname.length > 1 ? decode(pathname.slice(1)) : '/'
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // The cause would show what it could not decode.
    throw new TypeError('The login or vhost in the URL of the broker is not valid: write a % as %25')
  }
}

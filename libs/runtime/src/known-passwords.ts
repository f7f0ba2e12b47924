import { fileVariableOf, listSettings, type Setting, type SettingsTable } from './settings.ts'

/** What is tried first: defaults of servers and of examples. Compared without regard to case; docs/SECURITY.md lists them. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['1234', '12345', '123456', '12345678', '123456789', 'admin', 'administrator', 'change-me', 'changeit'],
  ...['changeme', 'default', 'example', 'guest', 'letmein', 'nats', 'pass', 'passwd', 'password', 'postgres'],
  ...['qwerty', 'rabbitmq', 'redis', 'root', 'runnel', 'secret', 'test', 'token', 'user'],
])

/**
 * Finds settings that hold a well-known password: one of the list, an empty one, or the user's own name. A URL without any
 * password is not judged: the server may ask for a certificate.
 *
 * @param settings the table that the configuration was read by
 * @returns a sentence for each, with nothing of the password
 */
export function findKnownPasswords(settings: SettingsTable, config: object): string[] {
  return listSettings(settings).flatMap(({ path, setting }) => {
    const value = path.reduce<unknown>(
      (group, key) => (group as Record<string, unknown> | undefined)?.[key],
      config,
    )
    if (typeof value !== 'string' || value === '') return []
    const isKnown = setting.secret
      ? KNOWN.has(value.toLowerCase())
      : setting.holdsSecret && hasKnownPassword(value)
    return isKnown ? [describe(setting)] : []
  })
}

function describe(setting: Setting<unknown>): string {
  const { variable, aliases = [] } = setting
  const also = aliases.length === 0 ? '' : ` (or ${aliases.join(', ')})`
  return `${variable}${also} has a well-known password: set ${variable}${also} or ${fileVariableOf(setting)} to one of e.g. openssl rand -hex 32`
}

/** Of one of several URLs with commas between them, as those of a cluster of NATS. */
function hasKnownPassword(text: string): boolean {
  const urls = text.split(',').map((each) => each.trim())
  return areOfGuest(urls) || urls.some(holdsKnownPassword)
}

/** Where no URL of RabbitMQ has a login, clients use `guest` with the password `guest`. */
function areOfGuest(urls: readonly string[]): boolean {
  return urls.every((url) => /^amqps?:/i.test(url) && URL.canParse(url) && new URL(url).username === '')
}

function holdsKnownPassword(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, username, password, searchParams } = new URL(url)
  // NATS takes a user name without a password for a token.
  const isToken = ['nats:', 'tls:'].includes(protocol) && username !== '' && password === ''
  const isEmpty = /^[^/]*\/\/[^/?#@]*:@/.test(url)
  const given = [isToken ? username : password, searchParams.get('password') ?? ''].filter(
    (each) => each !== '',
  )
  return isEmpty || given.some((each) => isKnownTo(decode(each), isToken ? '' : decode(username)))
}

function isKnownTo(password: string, user: string): boolean {
  return password === user || KNOWN.has(password.toLowerCase())
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

import { BlockList, isIP } from 'node:net'
import type { AccessSettings } from './access-settings.ts'
import { findKnownPasswords } from './known-passwords.ts'
import { findSecondSecretProblems } from './second-secret.ts'
import { ConfigError, type SettingsTable } from './settings.ts'

/** What decides whether an app may listen where it is told to. */
export interface Exposure {
  readonly host: string
  readonly access: AccessSettings
  readonly http: { readonly trustedProxies: readonly string[] }
  /** Certificate of the listener; empty: plain http. */
  readonly tls?: { readonly certFile: string } | undefined
}

interface Rules {
  /** Whether other processes have to know IDENTITY_SECRET. Default: true. */
  readonly sharesIdentity?: boolean
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/**
 * To be called at the start: off loopback an app starts only where it is said who may use it, and how keys get there unread, and
 * where no password is a well-known one.
 *
 * @param settings the table that the configuration was read by
 * @returns the configuration
 * @throws ConfigError that names every problem
 */
export function requireSafeAccess<T extends Exposure>(config: T, settings: SettingsTable, rules?: Rules): T {
  const problems = findProblems(config, settings, rules)
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

function findProblems(
  config: Exposure,
  settings: SettingsTable,
  { sharesIdentity = true }: Rules = {},
): string[] {
  const { host, access } = config
  const { identitySecret, identitySecretSecond, forwardedUser } = access
  const problems = [
    ...findSecondSecretProblems('IDENTITY_SECRET', { first: identitySecret, second: identitySecretSecond }),
    ...findSecondSecretProblems('FORWARDED_USER_SECRET', {
      ...{ first: forwardedUser.secret, second: forwardedUser.secretSecond },
    }),
  ]
  if (sharesIdentity && access.auth === 'keys' && identitySecret === '')
    problems.push(
      'AUTH=keys needs IDENTITY_SECRET: the apps sign with it on whose behalf they ask each other. Give all of them the same, e.g. of: openssl rand -base64 48',
    )
  if (isLoopback(host)) return problems
  if (access.auth === 'unset')
    problems.push(
      `HOST=${host} is reached from other machines: set AUTH=keys, or AUTH=none to let everybody read and change everything`,
    )
  if (access.auth === 'keys' && !isProtected(config))
    problems.push(
      `HOST=${host} with AUTH=keys would send keys unencrypted: set TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXIES to the proxy that ends TLS, or PRIVATE_NETWORK=1 where nothing reads along`,
    )
  return access.auth === 'none' ? problems : [...problems, ...findKnownPasswords(settings, config)]
}

function isProtected({ tls, http, access }: Exposure): boolean {
  return access.privateNetwork || http.trustedProxies.length > 0 || Boolean(tls?.certFile)
}

/** At every start, what is open is said. */
export function warnOfOpenAccess(
  log: { warn(fields: object, message: string): void },
  config: Exposure,
  settings: SettingsTable,
): void {
  const { host, access } = config
  const note = describeOpenAccess(config)
  if (note !== undefined) log.warn({ host }, note)
  // Elsewhere they keep the app from starting.
  if (!isLoopback(host) && access.auth === 'none')
    for (const known of findKnownPasswords(settings, config)) log.warn({ host }, known)
}

/** @returns what other machines may do or read that a person should know of; undefined: nothing */
export function describeOpenAccess({ host, access, ...rest }: Exposure): string | undefined {
  if (isLoopback(host)) return undefined
  if (access.auth !== 'keys') return 'AUTH=none: whatever reaches this address may read and change everything'
  const protectedBesides = isProtected({ host, ...rest, access: { ...access, privateNetwork: false } })
  return access.privateNetwork && !protectedBesides ? 'PRIVATE_NETWORK=1: keys travel unencrypted' : undefined
}

/** @returns whether only this machine reaches an address */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  const family = isIP(name)
  return family !== 0 && LOOPBACK.check(name, family === 6 ? 'ipv6' : 'ipv4')
}

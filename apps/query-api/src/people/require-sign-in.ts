import { ConfigError } from '@runnel/runtime'
import { isLoopbackName } from './loopback.ts'
import { doPeopleSignIn, type PeopleSettings } from './settings.ts'

interface SignInConfig {
  readonly access: { readonly auth: 'keys' | 'none' | 'unset'; readonly identitySecret: string }
  readonly people: PeopleSettings
}

/**
 * To be called at the start, where people can sign in.
 *
 * @returns the configuration
 * @throws ConfigError that names everything that is missing or would not work
 */
export function requireSignIn<T extends SignInConfig>(config: T): T {
  const { people } = config
  if (!doPeopleSignIn(people)) return config
  const problems = [
    ...findProblems(config),
    ...(people.oidc.issuer === '' ? [] : findProviderProblems(people.oidc)),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

function findProblems({ access, people }: SignInConfig): string[] {
  const { publicUrl, sessions, oidc, accounts } = people
  const way = oidc.issuer === '' ? 'LOCAL_ACCOUNTS' : 'OIDC_ISSUER'
  const problems: string[] = []
  if (access.auth !== 'keys')
    problems.push(`${way} needs AUTH=keys: without it everybody may do everything, signed in or not`)
  if (publicUrl === '')
    problems.push(
      oidc.issuer === ''
        ? 'LOCAL_ACCOUNTS needs PUBLIC_URL, the address that people open'
        : 'OIDC_ISSUER needs PUBLIC_URL: the provider sends people back to /auth/callback there',
    )
  else if (new URL(publicUrl).pathname !== '/')
    problems.push('PUBLIC_URL has no path: https://runnel.example.com')
  if (accounts.enabled && access.identitySecret === '')
    problems.push('LOCAL_ACCOUNTS needs IDENTITY_SECRET, which seals the secrets of one-time codes')
  if (sessions.idleMs > sessions.absoluteMs)
    problems.push('SESSION_IDLE_MS is beyond SESSION_MAX_MS: sessions would never end for idleness')
  return problems
}

function findProviderProblems(oidc: PeopleSettings['oidc']): string[] {
  const problems: string[] = []
  if (oidc.clientId === '')
    problems.push('OIDC_ISSUER needs OIDC_CLIENT_ID, the name of Runnel at the provider')
  const { protocol, hostname } = new URL(oidc.issuer)
  if (protocol === 'http:' && !isLoopbackName(hostname))
    problems.push('OIDC_ISSUER has to begin with https://: keys and tokens of the provider come over it')
  if (Object.values(oidc.roles).every((values) => values.length === 0))
    problems.push(
      `OIDC_ISSUER needs one of ${Object.keys(oidc.roles)
        .map((role) => `OIDC_ROLES_${role.toUpperCase()}`)
        .join(', ')}: without, nobody gets a role`,
    )
  return problems
}

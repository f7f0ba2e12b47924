import { DEFAULT_HTTP_OPTIONS } from '@runnel/http'
import { connectDatabase } from '@runnel/repositories-database'
import { readSettings } from '@runnel/runtime'
import { peopleSettings } from '../src/people/settings.ts'
import type { TestProvider } from './oidc-provider.ts'
import { startApi, type StartOptions } from './start-api.ts'

export const PUBLIC_URL = 'http://localhost:8000'

interface PeopleStart extends Omit<StartOptions, 'people'> {
  /** Undefined: local accounts alone. */
  readonly provider: TestProvider | undefined
  readonly env?: Readonly<Record<string, string>>
  /** IDENTITY_SECRET, and the one that is accepted beside it. */
  readonly secrets?: readonly [string, string?]
}

/** One replica of query-api at which people of a provider sign in: groups `boss`, `ops` and `post` are roles there. */
export async function startPeople({
  provider,
  env = {},
  secrets = ['i'.repeat(40)],
  httpOptions,
  ...options
}: PeopleStart) {
  const settings = readSettings(peopleSettings, {
    PUBLIC_URL,
    ...(provider && {
      ...{ OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: provider.clientId },
      OIDC_CLIENT_SECRET: provider.clientSecret,
    }),
    ...{ OIDC_ROLES_ADMIN: 'boss', OIDC_ROLES_OPERATOR: 'ops', OIDC_ROLES_SENDER: 'post' },
    ...env,
  })
  const database = connectDatabase({
    ...{ url: options.databaseUrl, applicationName: 'sessions', poolSize: 2, statementTimeoutMs: 5000 },
    connectTimeoutMs: 10_000,
  })
  const [identitySecret, identitySecretSecond = ''] = secrets
  const forwardedUser = { networks: [], secret: '', role: 'viewer' } as const
  const api = await startApi({
    ...options,
    people: { settings, database },
    httpOptions: {
      ...DEFAULT_HTTP_OPTIONS,
      access: { auth: 'keys', app: 'query-api', identitySecret, identitySecretSecond, forwardedUser },
      ...httpOptions,
    },
  })
  return { api, database, close: () => Promise.all([api.close(), database.close()]) }
}

import { ROLES, type Role } from '@runnel/contracts'
import { httpUrl, integer, list, text, type Setting, type SettingsOf } from '@runnel/runtime'
import { accountSettings } from './accounts/settings.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const MAX_NAMES = 100

/** How people sign in, and for how long. Without OIDC_ISSUER and LOCAL_ACCOUNTS, nobody does. */
export const peopleSettings = {
  publicUrl: unsettable(
    httpUrl('PUBLIC_URL', '', 'Address under which people open query-api, e.g. https://runnel.example.com'),
  ),
  sessions: {
    idleMs: integer(
      'SESSION_IDLE_MS',
      8 * HOUR_MS,
      'Milliseconds without a request after which a person has to sign in again',
      { min: MINUTE_MS, max: 90 * DAY_MS },
    ),
    absoluteMs: integer(
      'SESSION_MAX_MS',
      7 * DAY_MS,
      'Milliseconds after which a person has to sign in again in any case',
      { min: MINUTE_MS, max: 365 * DAY_MS },
    ),
    ofPerson: integer('SESSION_MAX_OF_PERSON', 20, 'Sessions of one person; a new one ends the oldest', {
      min: 1,
      max: 1000,
    }),
    staleMs: integer(
      'SESSION_STALE_MS',
      5 * MINUTE_MS,
      'Milliseconds for which a session is good that was seen last while the database answered',
      { max: DAY_MS },
    ),
  },
  accounts: accountSettings,
  oidc: {
    issuer: unsettable(
      httpUrl(
        'OIDC_ISSUER',
        '',
        'Issuer of the OpenID Connect provider at which people sign in; empty: at none',
      ),
    ),
    clientId: text('OIDC_CLIENT_ID', '', 'What Runnel is called at the provider'),
    clientSecret: text('OIDC_CLIENT_SECRET', '', 'Secret of that client; empty for a public client', {
      secret: true,
    }),
    scopes: text('OIDC_SCOPES', 'openid profile email', 'Scopes that the provider is asked for', {
      pattern: /^openid(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/,
      expected: 'openid, and others after it with blanks between them',
    }),
    nameClaim: text(
      'OIDC_NAME_CLAIM',
      'preferred_username',
      'Claim with the name of a person for the audit; where it is missing, email counts, and at last the id',
      { pattern: /^.+$/, expected: 'the name of a claim' },
    ),
    roleClaim: text(
      'OIDC_ROLE_CLAIM',
      'groups',
      'Claim whose values decide on roles; realm_access.roles is one within another',
      { pattern: /^.+$/, expected: 'the name of a claim' },
    ),
    roles: Object.fromEntries(
      ROLES.map((role) => [
        role,
        list(
          `OIDC_ROLES_${role.toUpperCase()}`,
          `Values of that claim that make a person ${role}; * for everybody; with commas between them`,
          (value) => value,
          MAX_NAMES,
        ),
      ]),
    ) as Readonly<Record<Role, Setting<readonly string[]>>>,
    timeoutMs: integer('OIDC_TIMEOUT_MS', 10_000, 'Milliseconds that the provider may take for an answer', {
      min: 1000,
      max: 60_000,
    }),
  },
}

export type PeopleSettings = SettingsOf<typeof peopleSettings>

/** @returns whether people sign in here at all */
export function doPeopleSignIn({ oidc, accounts }: PeopleSettings): boolean {
  return oidc.issuer !== '' || accounts.enabled
}

/** Empty where it is not set. */
function unsettable(setting: Setting<string>): Setting<string> {
  return { ...setting, parse: (value) => (value === '' ? '' : setting.parse(value)) }
}

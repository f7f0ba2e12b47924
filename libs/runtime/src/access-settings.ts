import { ROLES } from '@runnel/contracts'
import { networks } from './network-settings.ts'
import { secondSecret } from './second-secret.ts'
import { choice, flag, text } from './setting-types.ts'
import type { Setting, SettingsOf } from './settings.ts'

const MODES = ['keys', 'none'] as const
const MIN_SECRET = 32

const identitySecret = text(
  'IDENTITY_SECRET',
  '',
  `Random text of at least ${MIN_SECRET} characters that all apps share: they sign with it on whose behalf they ask each other`,
  {
    pattern: new RegExp(`^$|^.{${MIN_SECRET},1024}$`),
    expected: `at least ${MIN_SECRET} characters`,
    secret: true,
  },
)

const forwardedUserSecret = text(
  'FORWARDED_USER_SECRET',
  '',
  'What such a proxy may send as X-Forwarded-User-Secret instead, to be believed from anywhere',
  {
    pattern: new RegExp(`^$|^[\\x21-\\x7e]{${MIN_SECRET},1024}$`),
    expected: `at least ${MIN_SECRET} printable characters without blanks`,
    secret: true,
  },
)

/** Whom the apps let in. All of them are given the same values. */
export const accessSettings = {
  auth: withUnset(
    choice(
      'AUTH',
      'none',
      'keys: every request needs an API key, or comes from a person; none: everything is open. Empty: open where HOST is a loopback address, else no app starts',
      MODES,
    ),
  ),
  privateNetwork: flag(
    'PRIVATE_NETWORK',
    false,
    '1: nothing reads along between clients and the apps, so that keys may travel unencrypted, without TLS or TRUSTED_PROXIES',
  ),
  identitySecret,
  identitySecretSecond: secondSecret(identitySecret),
  forwardedUser: {
    networks: networks(
      'FORWARDED_USER_NETWORKS',
      'IP addresses or networks of proxies that log people in: their X-Forwarded-User is believed; with commas between them',
    ),
    secret: forwardedUserSecret,
    secretSecond: secondSecret(forwardedUserSecret),
    role: choice(
      'FORWARDED_USER_ROLE',
      'viewer',
      `What people may do who are named so: ${ROLES.join(', ')}`,
      ROLES,
    ),
  },
}

export type AccessSettings = SettingsOf<typeof accessSettings>

function withUnset<T>(setting: Setting<T>): Setting<T | 'unset'> {
  return { ...setting, fallback: '', parse: (value) => (value === '' ? 'unset' : setting.parse(value)) }
}

import { findSecondSecretProblems, secondSecret, type Setting, type SettingsOf } from '@runnel/runtime'

const MIN_SECRET_CHARACTERS = 32

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** Mail providers call it, and people open it: it has to be one that nobody reads on the way. */
const unsubscribeUrl: Setting<string | undefined> = {
  variable: 'UNSUBSCRIBE_URL',
  fallback: '',
  description:
    'Where query-api is reached from outside, for the links by which people opt out of e-mails: /unsubscribe/... follows it; empty: e-mails have none',
  parse(value) {
    if (value === '') return undefined
    const url = URL.canParse(value) ? new URL(value) : undefined
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname))
    if (!url || !isSafe || url.username || url.password || url.search || url.hash)
      throw new Error(
        'a URL that starts with https:// (http:// on this machine), without user name and query',
      )
    return url.href.replace(/\/+$/, '')
  },
}

const unsubscribeSecret: Setting<string | undefined> = {
  variable: 'UNSUBSCRIBE_SECRET',
  fallback: '',
  description: `What links by which people opt out are encrypted and signed with: at least ${MIN_SECRET_CHARACTERS} random characters. Links that another secret made end, unless UNSUBSCRIBE_SECRET_SECOND has it`,
  secret: true,
  parse(value) {
    if (value === '') return undefined
    if (value.length < MIN_SECRET_CHARACTERS)
      throw new Error(
        `at least ${MIN_SECRET_CHARACTERS} random characters, e.g. from: openssl rand -base64 32`,
      )
    return value
  },
}

/** What the links by which people opt out of e-mails need. */
export const unsubscribeSettings = {
  url: unsubscribeUrl,
  secret: unsubscribeSecret,
  secretSecond: secondSecret(unsubscribeSecret),
}

export type UnsubscribeOptions = SettingsOf<typeof unsubscribeSettings>

/** @returns what is wrong where one is set and the other is not */
export function findUnsubscribeProblems({ url, secret, secretSecond }: UnsubscribeOptions): string[] {
  const problems = findSecondSecretProblems('UNSUBSCRIBE_SECRET', { first: secret, second: secretSecond })
  if ((url === undefined) === (secret === undefined)) return problems
  const names = ['UNSUBSCRIBE_URL', 'UNSUBSCRIBE_SECRET']
  const [missing, given] = url === undefined ? names : names.reverse()
  return [...problems, `${given} is set, but ${missing} is not: links to opt out need both`]
}

import { flag, integer } from '@runnel/runtime'

const MINUTE_MS = 60_000

/** Accounts of Runnel's own. */
export const accountSettings = {
  enabled: flag(
    'LOCAL_ACCOUNTS',
    false,
    '1: people may sign in at /sign-in with accounts that npm run accounts makes, beside the provider or without one',
  ),
  failures: integer(
    'ACCOUNT_FAILURES',
    5,
    'Wrong attempts in a row after which a local account is locked for a while',
    { min: 1, max: 100 },
  ),
  lockMs: integer('ACCOUNT_LOCK_MS', 15 * MINUTE_MS, 'Milliseconds for which it is', {
    min: 1000,
    max: 24 * 60 * MINUTE_MS,
  }),
  peerFailures: integer(
    'ACCOUNT_PEER_FAILURES',
    10,
    'Wrong attempts that one address may make, whatever the account; another one is added every 30 seconds',
    { min: 1, max: 1000 },
  ),
  hashes: integer(
    'ACCOUNT_HASHES',
    1,
    'Passwords that are checked at a time, of 19 MiB and a thread each; reads of files share the four threads',
    { min: 1, max: 3 },
  ),
  hashesWaiting: integer('ACCOUNT_HASHES_WAITING', 20, 'Attempts to sign in that may wait for that', {
    min: 1,
    max: 1000,
  }),
}

/** How many there may be; of `npm run accounts`. */
export const maxAccounts = integer('ACCOUNTS_MAX', 100, 'Local accounts that there may be', {
  min: 1,
  max: 10_000,
})

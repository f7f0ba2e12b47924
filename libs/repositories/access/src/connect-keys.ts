import type { Logger, Metrics } from '@runnel/observability'
import type { Database } from '@runnel/repositories-database'
import { ConfigError, findSecondSecretProblems, type CleanupStack, type KeySettings } from '@runnel/runtime'
import { followKeys, type FollowedKeys } from './directory/follow-keys.ts'
import type { NoticeChannel } from './directory/key-notices.ts'
import { noteUses } from './note-uses.ts'
import { readKeyChanges } from './read-key-changes.ts'
import { addUsage } from './usage/add-usage.ts'

/** What an app gives for its directory of keys. */
export interface ConnectKeysOptions {
  readonly config: {
    readonly access: {
      readonly auth: 'keys' | 'none' | 'unset'
      readonly identitySecret: string
      readonly identitySecretSecond?: string
    }
    readonly keys: Pick<KeySettings, 'staleMs'> & Partial<KeySettings>
  }
  readonly log: Logger
  readonly metrics?: Metrics
  readonly database: Database
  /** Without: changes come by PostgreSQL alone. */
  readonly notices?: NoticeChannel
  /** Of the topology. */
  readonly topology?: { readonly keys: string; readonly keysWanted: string }
  /** Whether it sends notices of changes to replicas that do not reach PostgreSQL. */
  readonly announces?: boolean
  readonly cleanup: Pick<CleanupStack, 'use' | 'signal'>
}

/**
 * The directory of keys of an app, which follows changes until the app drains. What cannot be reached is waited for meanwhile.
 *
 * @returns undefined where keys are not asked for
 * @throws ConfigError where the file of keys has no secret
 */
export async function connectKeys(options: ConnectKeysOptions): Promise<FollowedKeys | undefined> {
  const { config, log, metrics, database, notices, topology, announces = false, cleanup } = options
  const { access, keys } = config
  if (access.auth !== 'keys') return undefined
  const { file = '', secret = '', secretSecond = '' } = keys.snapshot ?? {}
  if (file !== '' && secret === '')
    throw new ConfigError(['KEYS_SNAPSHOT_FILE needs KEYS_SNAPSHOT_SECRET, e.g. of: openssl rand -base64 48'])
  const problems = findSecondSecretProblems('KEYS_SNAPSHOT_SECRET', { first: secret, second: secretSecond })
  if (problems.length > 0) throw new ConfigError(problems)
  const { signal } = cleanup
  return cleanup.use(
    await followKeys({
      ...{ log, metrics, signal, announces, staleMs: keys.staleMs },
      read: (since) => readKeyChanges(database.kysely, since),
      writeUses: (uses) => noteUses(database, uses),
      writeUsage: (counts, ageMs) => addUsage(database, counts, ageMs),
      // Without a secret nothing could be told from what a stranger sends.
      notices:
        access.identitySecret === '' || !notices || !topology
          ? undefined
          : {
              ...{ channel: notices, subjects: topology },
              ...{ secret: access.identitySecret, secretSecond: access.identitySecretSecond },
            },
      snapshot: file === '' ? undefined : { file, secret, secretSecond },
    }),
  )
}

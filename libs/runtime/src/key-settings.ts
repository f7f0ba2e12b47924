import { secondSecret } from './second-secret.ts'
import { integer, text } from './setting-types.ts'
import type { SettingsOf } from './settings.ts'

const snapshotSecret = text(
  'KEYS_SNAPSHOT_SECRET',
  '',
  'What signs that file: at least 32 characters; another file is not believed',
  { pattern: /^(?:.{32,1024})?$/, expected: '32 to 1024 characters', secret: true },
)

/** How an app that verifies API keys keeps them. */
export const keySettings = {
  staleMs: integer(
    'KEYS_STALE_MS',
    900_000,
    'Milliseconds for which API keys are accepted that neither PostgreSQL nor the broker confirms; after that, none is',
    { min: 10_000, max: 7 * 86_400_000 },
  ),
  snapshot: {
    file: text(
      'KEYS_SNAPSHOT_FILE',
      '',
      'File on a disk that outlives the process, in which the hashes of API keys are kept, so that it starts without PostgreSQL; empty for none',
    ),
    secret: snapshotSecret,
    secretSecond: secondSecret(snapshotSecret),
  },
}

export type KeySettings = SettingsOf<typeof keySettings>

import type { Logger } from '@runnel/observability'
import type { Database } from '@runnel/repositories-database'
import { addFirstKey } from '@runnel/repositories-access'
import { toAdminKey } from './to-new-key.ts'

/**
 * Makes the first admin key at the first start with AUTH=keys, on whichever replica comes first, and prints it once: not
 * through the log, which is kept.
 *
 * @param print to the terminal of the start
 */
export async function printFirstKey(
  database: Database,
  log: Logger,
  print: (text: string) => void,
): Promise<void> {
  const { key, text } = toAdminKey()
  if (!(await addFirstKey(database, key, 'first start'))) return
  log.info({ keyId: key.id }, 'the first admin key was made and printed')
  print(
    ['', 'The admin key. It is printed this once and stored nowhere:', '', `  ${text}`, '']
      .concat('Use it as Authorization: Bearer KEY. Make others with it, or with npm run keys.', '')
      .join('\n'),
  )
}

import { parseKey } from '@runnel/http'
import { addKey, listKeys } from '@runnel/repositories-access'
import type { Database } from '@runnel/repositories-database'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { toNewKey } from './to-new-key.ts'

const ACTOR = 'first start'

/**
 * Makes a key that may read /metrics and nothing else, and writes it to a file that Prometheus reads; a file with a key that is valid
 * stays as it is.
 *
 * @param maxKeys how many there may be
 */
export async function writeScrapeKey(database: Database, file: string, maxKeys: number): Promise<void> {
  const id = readKeyId(file)
  const keys = await listKeys(database)
  if (keys.some((key) => key.id === id && key.state === 'active')) return
  const { key, text } = toNewKey({ name: 'Prometheus', scopes: ['metrics:scrape'] }, Date.now())
  await addKey(database, key, ACTOR, maxKeys)
  // Whole or not at all; Prometheus has a user of its own.
  rmSync(`${file}.new`, { force: true })
  writeFileSync(`${file}.new`, text, { mode: 0o444 })
  renameSync(`${file}.new`, file)
}

function readKeyId(file: string): string | undefined {
  const parsed = existsSync(file) ? parseKey(readFileSync(file, 'utf8').trim()) : 'malformed'
  return typeof parsed === 'string' ? undefined : parsed.id
}

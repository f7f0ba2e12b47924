import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sweepTestDatabases } from './sweep-tests.ts'
import { TEST_DATABASE_PREFIX } from './test-names.ts'
import { withDatabase } from './servers/probe-postgres.ts'
import type { Client } from 'pg'
import { uniqueTestId } from './run-id.ts'
import { workspaceRoot } from './workspace-root.ts'

const MIGRATE = 'libs/repositories/database/src/migrate-main.ts'
const MIGRATE_LIMIT_MS = 60_000

/**
 * The name of a migrated database to copy from, made when there is none yet. It is made under another name and
 * renamed when it is whole, so that a crash half-way leaves no half-migrated template.
 *
 * The migrations run as their command, as an operator runs them: an import of @runnel/repositories would close a
 * circle, for its own tests use this library.
 */
export async function findTemplate(client: Client, serverUrl: string): Promise<string> {
  const hash = migrationsHash()
  const suffix = `_template_${hash}`
  await client.query('select pg_advisory_lock(hashtext($1))', [suffix])
  try {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1) and right(datname, length($2)) = $2',
      [TEST_DATABASE_PREFIX, suffix],
    )
    if (rows[0] !== undefined) return rows[0].datname
    await sweepTestDatabases(client)
    return await makeTemplate(client, serverUrl, suffix)
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [suffix])
  }
}

async function makeTemplate(client: Client, serverUrl: string, suffix: string): Promise<string> {
  const name = TEST_DATABASE_PREFIX + uniqueTestId()
  await client.query(`create database ${name} template template0`)
  try {
    await promisify(execFile)(process.execPath, [join(workspaceRoot, MIGRATE)], {
      env: { ...process.env, NODE_OPTIONS: '', DATABASE_URL: withDatabase(serverUrl, name) },
      timeout: MIGRATE_LIMIT_MS,
    })
  } catch (cause) {
    await client.query(`drop database ${name} with (force)`)
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
    throw new Error(`The migrations failed:\n${stdout}${stderr}`, { cause })
  }
  await client.query(`alter database ${name} rename to ${name}${suffix}`)
  return name + suffix
}

/** Changes with every file from which the schema is made. */
function migrationsHash(): string {
  const folder = join(workspaceRoot, 'libs/repositories/database/src')
  const hash = createHash('sha256')
  for (const file of globSync('**/*.ts', { cwd: folder }).sort()) {
    if (file.endsWith('.test.ts')) continue
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)))
  }
  return hash.digest('hex').slice(0, 12)
}

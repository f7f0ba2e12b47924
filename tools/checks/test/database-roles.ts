import { APP_NAMES, type AppName } from '@runnel/contracts/apps'
import { connectDatabase, type Database } from '@runnel/repositories-database'
import { createTestDatabase, workspaceRoot } from '@runnel/testing'
import { sql } from 'kysely'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const PASSWORD = 'of-all-roles'

export const rolesScript = readFileSync(join(workspaceRoot, 'deploy/postgres/roles.sql'), 'utf8')

/** A database in which every app has a role; roles are those of a whole server, so that these have names of their own. */
export interface DatabaseWithRoles extends AsyncDisposable {
  readonly owner: Database
  /** As the role of an app. */
  readonly urls: Readonly<Record<AppName, string>>
  readonly script: string
  /** Of the names of roles. */
  readonly prefix: string
  /** Runs a statement as an app. */
  runAs(app: AppName, statement: string): Promise<unknown>
}

export async function createDatabaseWithRoles(): Promise<DatabaseWithRoles> {
  await using making = new AsyncDisposableStack()
  const made = making.use(await createTestDatabase())
  const owner = open(made.url)
  making.defer(() => owner.close())
  const prefix = `runnel_${randomUUID().slice(0, 8)}_`
  const script = rolesScript.replaceAll(/\brunnel_/g, prefix)
  const roleOf = (app: string) => prefix + app.replaceAll('-', '_')
  const roles = [...APP_NAMES, 'attempts'].map(roleOf)
  making.defer(async () => {
    for (const role of roles) await run(owner, `drop owned by ${role} cascade`)
    await run(owner, roles.map((role) => `drop role ${role}`).join(';'))
  })
  await run(owner, script)
  for (const role of roles) await run(owner, `alter role ${role} password '${PASSWORD}'`)
  const urlOf = (app: AppName) => {
    const url = new URL(made.url)
    url.username = roleOf(app)
    url.password = PASSWORD
    return [app, url.href] as const
  }
  const urls = Object.fromEntries(APP_NAMES.map(urlOf)) as Record<AppName, string>
  const connections = new Map<AppName, Database>()
  const runAs = (app: AppName, statement: string) => {
    const known = connections.get(app) ?? open(urls[app])
    connections.set(app, known)
    return run(known, statement)
  }
  making.defer(async () => {
    for (const each of connections.values()) await each.close()
  })
  const done = making.move()
  return { owner, urls, script, prefix, runAs, [Symbol.asyncDispose]: () => done.disposeAsync() }
}

function open(url: string): Database {
  return connectDatabase({ url, applicationName: 'test', poolSize: 1, statementTimeoutMs: 10_000 })
}

function run({ kysely }: Database, statement: string): Promise<unknown> {
  return sql.raw(statement).execute(kysely)
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { workspaceRoot } from '@runnel/testing'
import { sql } from 'kysely'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { SESSION_COOKIE } from '../src/people/cookies.ts'
import { PUBLIC_URL, startPeople } from './start-people.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()

interface Account {
  readonly name: string
  readonly password: string
  readonly totpSecret: string
}

const IDENTITY_SECRET = 'i'.repeat(40)

/** `npm run accounts` as a person calls it. */
function accounts(...args: string[]) {
  return accountsWith({ IDENTITY_SECRET }, ...args)
}

function accountsWith(
  secrets: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const main = join(workspaceRoot, 'apps/query-api/src/people/accounts/accounts-main.ts')
  const { url } = suite.database
  const env = { ...process.env, NODE_OPTIONS: '', DATABASE_URL: url, ...secrets }
  return new Promise((resolve) =>
    execFile(process.execPath, [main, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  )
}

describe('people with local accounts', () => {
  let replica: Awaited<ReturnType<typeof startPeople>>
  let account: Account
  let names = 0

  beforeEach(async () => {
    replica = await startPeople({
      ...{ databaseUrl: suite.database.url, prefix: suite.prefix, provider: undefined },
      env: { LOCAL_ACCOUNTS: '1', ACCOUNT_FAILURES: '3' },
    })
    const { stdout } = await accounts('create', `ann${names++}`, '--role', 'operator', '--json')
    account = JSON.parse(stdout) as Account
  })
  afterEach(() => replica.close())

  /** @param steps from now, of 30 s */
  const code = (steps = 0, { totpSecret } = account) =>
    new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate({ timestamp: Date.now() + steps * 30_000 })
  const signIn = async (over: Record<string, string> = {}, headers: Record<string, string> = {}) => {
    const { name, password } = account
    const answer = await replica.api.http.inject({
      ...{ method: 'POST', url: '/sign-in' },
      headers: {
        ...{ host: new URL(PUBLIC_URL).host, 'content-type': 'application/x-www-form-urlencoded' },
        ...headers,
      },
      payload: new URLSearchParams({ name, password, code: code(), ...over }).toString(),
    })
    const [cookie] = [answer.headers['set-cookie']].flat()
    return { status: answer.statusCode, cookie: cookie?.split(';')[0], body: answer.body }
  }
  const me = async (cookie = '') => (await replica.api.get('/api/v1/me', { cookie })).json<object>()
  const audit = async () =>
    (
      await sql<{ action: string; detail: { name?: string } }>`
        select action, detail from audit_log where subject = 'account' and detail ->> 'name' = ${account.name}
        order by id`.execute(replica.database.kysely)
    ).rows.map(({ action }) => action)

  it('sign in with name, password and code, and are known by name and roles', async () => {
    const { status, cookie } = await signIn({ name: ` ${account.name.toUpperCase()} ` })
    expect([status, cookie]).toEqual([303, expect.stringContaining(SESSION_COOKIE)])
    const name = `${account.name} (local)`
    expect(await me(cookie)).toMatchObject({ kind: 'person', name, roles: ['operator'] })
  })

  it('get one and the same answer to whatever is wrong', async () => {
    const wrong = [
      await signIn({ password: 'not this one' }),
      await signIn({ code: code(10) }),
      await signIn({ name: 'no-such-name' }),
      await signIn({ name: '\0' }),
    ]
    // But for the name as it was typed.
    const answers = wrong.map(
      ({ status, body, cookie }) => `${status} ${cookie} ${body.replace(/value="[^"]*"/g, '')}`,
    )
    expect(new Set(answers).size).toBe(1)
    expect(wrong[0]!.status).toBe(400)
    expect(await audit()).toEqual(['create', 'sign-in-failed', 'sign-in-failed'])
  })

  it('use a code once, also where two come at a time, and none that lies before it', async () => {
    const both = await Promise.all([signIn({ code: code(1) }), signIn({ code: code(1) })])
    expect(both.map(({ status }) => status).toSorted()).toEqual([303, 400])
    expect((await signIn({ code: code(1) })).status).toBe(400)
    expect((await signIn({ code: code(0) })).status).toBe(400)
  })

  it('are locked after some wrong attempts, also where those come at a time, until that is over', async () => {
    const guesses = await Promise.all(Array.from({ length: 5 }, () => signIn({ password: 'not this one' })))
    expect(new Set(guesses.map(({ status }) => status))).toEqual(new Set([400]))
    expect((await signIn()).status).toBe(400)
    expect(await audit()).toEqual(['create', ...Array.from({ length: 3 }, () => 'sign-in-failed')])
    await sql`update local_account set locked_until = clock_timestamp() where name = ${account.name}`.execute(
      replica.database.kysely,
    )
    expect((await signIn()).status).toBe(303)
  })

  it('are locked and reset by npm run accounts, which ends their sessions', async () => {
    const first = await signIn()
    expect((await accounts('lock', account.name)).code).toBe(0)
    const { rows } = await sql`select from person_session where name = ${`${account.name} (local)`}`.execute(
      replica.database.kysely,
    )
    expect([first.status, rows]).toEqual([303, []])
    expect((await signIn({ code: code(1) })).status).toBe(400)
    const { stdout } = await accounts('reset', account.name, '--json')
    expect((await signIn()).status).toBe(400)
    account = JSON.parse(stdout) as Account
    expect((await signIn()).status).toBe(303)
    expect((await accounts('list')).stdout).toContain(`${account.name}  operator  active`)
  })

  it('stay signed in and keep their codes while IDENTITY_SECRET is rotated', async () => {
    const next = 'n'.repeat(40)
    const rotating = { IDENTITY_SECRET: next, IDENTITY_SECRET_SECOND: IDENTITY_SECRET }
    const { cookie } = await signIn()
    await replica.close()
    const restart = (secrets: readonly [string, string?]) =>
      startPeople({
        ...{ databaseUrl: suite.database.url, prefix: suite.prefix, provider: undefined, secrets },
        env: { LOCAL_ACCOUNTS: '1', ACCOUNT_FAILURES: '3' },
      })
    replica = await restart([next, IDENTITY_SECRET])
    expect(await me(cookie)).toMatchObject({ kind: 'person' })
    expect((await signIn({ code: code(1) })).status).toBe(303)
    expect((await accountsWith(rotating, 'reseal')).stdout).toContain(account.name)
    expect((await accountsWith(rotating, 'reseal')).stdout).not.toContain(account.name)
    await replica.close()
    replica = await restart([next])
    expect(await me(cookie)).toMatchObject({ kind: 'person' })
    await sql`update local_account set totp_step = 0 where name = ${account.name}`.execute(
      replica.database.kysely,
    )
    expect((await signIn()).status).toBe(303)
    expect(await audit()).toEqual(['create', 'reseal'])
  })

  it('are refused attempts of an address that has made too many, right ones too', async () => {
    for (let i = 0; i < 10; i++) await signIn({ name: 'no-such-name' })
    expect((await signIn()).status).toBe(429)
    expect((await accounts('create', account.name, '--role', 'viewer')).stderr).toContain('already')
  }, 60_000)

  it('are signed in by no page of another site, and not over plain http', async () => {
    expect((await signIn({}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await signIn({}, { host: '10.1.2.3:8000' })).body).toContain('not encrypted')
  })

  it('leave neither password nor secret in the database', async () => {
    const { rows } = await sql`select * from local_account where name = ${account.name}`.execute(
      replica.database.kysely,
    )
    const text = JSON.stringify(rows)
    expect(text).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
    expect(text).not.toContain(account.password)
    const secret = Buffer.from(Secret.fromBase32(account.totpSecret).bytes)
    for (const form of ['base64url', 'hex', 'latin1'] as const)
      expect(text).not.toContain(secret.toString(form))
  })
})

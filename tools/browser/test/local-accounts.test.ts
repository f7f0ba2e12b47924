import { describe, expect, it } from '@jest/globals'
import { createTestDatabase, freePort, spawnApp, workspaceRoot } from '@runnel/testing'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Secret, TOTP } from 'otpauth'
import { APPEARANCES } from '../src/index.ts'
import { tabTo } from './tab-to.ts'
import type { TestEnvironment } from './test-environment.ts'
import { useBrowser } from './use-browser.ts'

const IDENTITY_SECRET = 'of the local accounts of this test'

interface Account {
  readonly name: string
  readonly password: string
  readonly totpSecret: string
}

let account: Account

/** query-api with one account; the console itself is looked at elsewhere. */
async function start(): Promise<TestEnvironment> {
  await using starting = new AsyncDisposableStack()
  const { url } = starting.use(await createTestDatabase())
  const port = await freePort()
  const query = `http://localhost:${port}`
  const env = { DATABASE_URL: url, IDENTITY_SECRET }
  const main = join(workspaceRoot, 'apps/query-api/src/people/accounts/accounts-main.ts')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [main, 'create', 'ann', '--role', 'viewer', '--json'],
    { env: { ...process.env, NODE_OPTIONS: '', ...env } },
  )
  account = JSON.parse(stdout) as Account
  const access = { AUTH: 'keys', PUBLIC_URL: query, LOCAL_ACCOUNTS: '1', PORT: String(port) }
  starting.use(await spawnApp('query-api', { ...env, ...access }))
  const running = starting.move()
  return {
    ...{ query, ingest: query, simulator: query, name: 'local accounts', hasSample: false },
    appearances: APPEARANCES,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** An attempt that fails is answered 400, which the browser notes. */
const REFUSED = /^console: Failed to load resource: .*40[01]/

describe('the form of local accounts', () => {
  const session = useBrowser(start, REFUSED)

  it('is used by keyboard alone, says what went wrong, and leads to the page that was wanted', async () => {
    const { visit } = session()
    const { page } = visit
    await visit.go('/sign-in?to=%2F')
    await visit.inspect('sign-in')
    const [name, password, code] = ['Name', 'Password', 'Code of your app'].map((label) =>
      page.getByLabel(label),
    ) as [
      ReturnType<typeof page.getByLabel>,
      ReturnType<typeof page.getByLabel>,
      ReturnType<typeof page.getByLabel>,
    ]
    const submit = page.getByRole('button', { name: 'Sign in' })
    const totp = new TOTP({ secret: Secret.fromBase32(account.totpSecret) })
    const fill = async (secret: string) => {
      for (const [field, text] of [
        [name, account.name],
        [password, secret],
        [code, totp.generate()],
      ] as const) {
        await tabTo(page, field)
        await page.keyboard.type(text)
      }
      await tabTo(page, submit)
      await page.keyboard.press('Enter')
    }
    await fill('not this one, but long')
    await page.getByRole('alert').filter({ hasText: 'Name, password or code is wrong' }).waitFor()
    // What was typed is not shown again, but for the name.
    expect(await page.content()).not.toContain('not this one')
    expect(await name.inputValue()).toBe(account.name)
    await visit.inspect('sign-in-refused')
    await name.fill('')
    await fill(account.password)
    await page.waitForURL((url) => url.pathname === '/')
    const me = await page.evaluate(async () => (await (await fetch('/api/v1/me')).json()) as unknown)
    expect(me).toMatchObject({ kind: 'person', name: 'ann (local)', roles: ['viewer'] })
  })

  it('leads to where a key is asked for', async () => {
    const { visit } = session()
    await visit.go('/sign-in')
    const link = visit.page.getByRole('link', { name: 'Use an API key' })
    await tabTo(visit.page, link)
    expect(await link.getAttribute('href')).toBe('/sign-in-with-key')
  })
})

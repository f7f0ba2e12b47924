import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { portVariable } from '@runnel/contracts/apps'
import { freePort, spawnStandalone } from '@runnel/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../src/index.ts'
import { startLoginProvider } from './login-provider.ts'

const START_MS = 180_000
const COOKIE = '__Host-runnel-session'

describe('people in a browser', () => {
  const stack = new AsyncDisposableStack()
  let browser: Browser
  let origin: string

  beforeAll(async () => {
    for (const level of ['info', 'warn'] as const) jest.spyOn(console, level).mockReturnValue()
    const folder = mkdtempSync(join(tmpdir(), 'runnel-people-'))
    stack.defer(() => rmSync(folder, { recursive: true, force: true }))
    const port = await freePort()
    origin = `http://localhost:${port}`
    const { issuer, client } = stack.use(await startLoginProvider(origin))
    const env = {
      ...{ AUTH: 'keys', PUBLIC_URL: origin, [portVariable('query-api')]: String(port) },
      ...{ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: client.id, OIDC_CLIENT_SECRET: client.secret },
      ...{ OIDC_ROLES_ADMIN: 'bosses' },
    }
    const running = await spawnStandalone(folder, env)
    stack.defer(async () => void (await running.stop()))
    browser = await launchChromium()
    stack.defer(() => browser.close())
  }, START_MS)
  afterAll(() => stack.disposeAsync(), START_MS)

  const signInAs = async (page: Page, name: string) => {
    await page.getByRole('link', { name: 'Sign in with your account' }).click()
    await page.locator('[name=login]').fill(name)
    await page.locator('[name=password]').fill('any')
    await page.locator('[type=submit]').click()
    await page.getByRole('button', { name: 'Continue' }).click()
  }

  it('sign in at the provider, come back to their page, and sign out', async () => {
    const page = await (await browser.newContext()).newPage()
    await page.goto(`${origin}/console/clients?tag=a`)
    await signInAs(page, 'boss')
    await page.waitForURL(`${origin}/console/clients?tag=a`)
    await page.getByText('boss (admin)').click()
    await page.getByText('this one').waitFor()
    const cookies = await page.context().cookies(origin)
    expect(cookies.find(({ name }) => name === COOKIE)).toMatchObject({
      httpOnly: true,
      secure: true,
      sameSite: 'Lax',
    })
    expect(await page.evaluate('document.cookie')).toBe('')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: /yes/i }).click()
    await page.getByText('You are signed out').waitFor()
    expect((await page.context().cookies(origin)).map(({ name }) => name)).not.toContain(COOKIE)
    await page.goto(`${origin}/console/clients`)
    await page.getByText('Sign in first.').waitFor()
    await page.context().close()
  })

  it('end the session of another browser, which has to sign in again', async () => {
    const [desk, phone] = await Promise.all([1, 2].map(async () => (await browser.newContext()).newPage()))
    for (const page of [desk!, phone!]) {
      await page.goto(`${origin}/console/logs`)
      await signInAs(page, 'boss')
      await page.getByText('boss (admin)').waitFor()
    }
    await desk!.goto(`${origin}/console/sessions`)
    await desk!.getByRole('button', { name: 'End' }).click()
    await desk!.getByRole('button', { name: 'End' }).waitFor({ state: 'detached' })
    await phone!.goto(`${origin}/console/logs`)
    await phone!.getByText('Sign in first.').waitFor()
    for (const page of [desk!, phone!]) await page.context().close()
  })

  it('read why they are not let in', async () => {
    const page = await (await browser.newContext()).newPage()
    await page.goto(`${origin}/console/logs`)
    await signInAs(page, 'guest')
    await page.getByText('You are known as guest, but have no role here').waitFor()
    await page.context().close()
  })
})

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, spawnStandalone, type RunningStandalone } from '@runnel/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../src/index.ts'

const START_MS = 180_000
const KEY = /rnl_[a-z2-7]{16}_\w{43}_\w{6}/

describe('the console with access control', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-access-'))
  let running: RunningStandalone
  let browser: Browser
  let adminKey: string

  beforeAll(async () => {
    ;[running, browser] = await Promise.all([spawnStandalone(folder, { AUTH: 'keys' }), launchChromium()])
    adminKey = await eventually(() => KEY.exec(running.logs())?.[0] ?? false)
  }, START_MS)
  afterAll(async () => {
    await browser?.close()
    await running?.stop()
    rmSync(folder, { recursive: true, force: true })
  }, START_MS)

  /** A window whose browser gives this key where it is asked for one. */
  const open = async (path: string, key?: string): Promise<Page> => {
    const context = await browser.newContext(
      key ? { httpCredentials: { username: 'any', password: key } } : {},
    )
    const page = await context.newPage()
    await page.goto(running.query + path)
    return page
  }

  it('asks a stranger to sign in, and shows nothing else', async () => {
    const page = await open('/console/clients')
    await page.getByText('Sign in first.').waitFor()
    expect(await page.getByRole('link', { name: 'Sign in', exact: true }).getAttribute('href')).toBe(
      '/sign-in',
    )
    expect(await page.getByRole('button', { name: 'Add client' }).count()).toBe(0)
    await page.context().close()
  })

  it('opens for the key that the browser was given, with everything that its scopes allow', async () => {
    const page = await open('/sign-in', adminKey)
    await page.waitForURL('**/console/logs**')
    await page.getByRole('link', { name: 'Clients' }).click()
    await page.getByRole('button', { name: 'Add client' }).waitFor()
    expect(await page.getByText(/Changes need/).count()).toBe(0)
    // query-api proves itself to the other apps, whose lists need a key as well.
    await page.getByRole('link', { name: 'API', exact: true }).click()
    await page
      .getByRole('region', { name: 'message-dispatcher' })
      .getByText('mailings:write')
      .first()
      .waitFor()
    expect(await page.getByText('does not answer').count()).toBe(0)
    await page.goto(`${running.query}/docs`)
    await page.getByRole('button', { name: 'Authorize' }).waitFor()
    await page.context().close()
  })

  it('shows what each key did: what was let in, and what was refused', async () => {
    const admin = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' }
    const made = await fetch(`${running.query}/api/v1/keys`, {
      method: 'POST',
      headers: admin,
      body: JSON.stringify({ name: 'till 7', scopes: ['logs:write'] }),
    })
    const headers = { ...admin, authorization: `Bearer ${KEY.exec(await made.text())![0]}` }
    const body = JSON.stringify([{ message: 'a' }, { message: 'b' }])
    const sent = await fetch(`${running.ingest}/api/v1/logs`, { method: 'POST', headers, body })
    expect(sent.status).toBe(200)
    expect((await fetch(`${running.query}/api/v1/logs`, { headers })).status).toBe(403)
    const page = await open('/sign-in', adminKey)
    await page.getByRole('link', { name: 'Keys', exact: true }).click()
    const usage = page.getByRole('table', { name: 'Usage of API keys' })
    await eventually(async () => {
      await page.reload()
      await page.getByRole('heading', { name: 'Usage' }).waitFor()
      const row = usage.getByRole('row', { name: 'till 7' })
      const cells = (await row.count()) > 0 ? await row.getByRole('cell').allTextContents() : []
      return cells.slice(2).join(' ') === `1 1 2 ${body.length} B`
    })
    await page.getByText('A day').click()
    await usage.getByRole('cell', { name: 'till 7', exact: true }).waitFor()
    await page.context().close()
  })

  it('leaves out what a key may not do, and says which scope that takes', async () => {
    const answer = await fetch(`${running.query}/api/v1/keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'reader', scopes: ['clients:read', 'mailings:read', 'mailings:write'] }),
    })
    const readerKey = KEY.exec(await answer.text())![0]
    const page = await open('/sign-in', readerKey)
    await page.getByRole('link', { name: 'Clients' }).click()
    await page.getByText('Changes need clients:write').first().waitFor()
    expect(await page.getByRole('button', { name: 'Add client' }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Dead letters' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Mailings' }).click()
    await page.getByRole('link', { name: 'New mailing' }).first().click()
    await page.getByText('Changes need mailings:send').waitFor()
    await page.getByRole('button', { name: 'Save as draft' }).waitFor()
    await page.context().close()
  })
})

import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'

export interface ScreenshotOptions {
  /** Of query-api. */
  readonly origin: string
  readonly mailing: number
  /** Where they go. */
  readonly folder: string
}

interface Shot {
  readonly name: string
  readonly path: string
  readonly colorScheme: 'light' | 'dark'
  /** Of the window, in px. Default: that of SIZE. */
  readonly height?: number
  /** Makes it ready, and waits until all of it is there. */
  readonly prepare: (page: Page) => Promise<void>
}

const SIZE = { width: 1200, height: 720 }
/** The README is read on slow lines, too. */
const MAX_BYTES = 220_000

/** What happened around a failed payment: all entries, with the one that it was about. */
const LOGS: Shot = {
  name: 'logs',
  path: '/console/logs?query=level%3Aerror+service%3Apayment',
  height: 560,
  colorScheme: 'light',
  prepare: async (page) => {
    await page.getByRole('table').getByRole('link').first().click()
    await page.getByRole('link', { name: 'Show around this' }).click()
    await page.getByText('All entries around the one that is open').waitFor()
    // The list of errors stands until that of all entries is there.
    await page.locator('.logs').getByText('info', { exact: true }).first().waitFor()
    const entry = page.locator('.logs tr.selected')
    await entry.evaluate((row) => row.scrollIntoView({ block: 'center' }))
  },
}

const METRICS: Shot = {
  name: 'metrics',
  path: '/console/metrics?name=response_time&name=requests&by=service',
  colorScheme: 'dark',
  prepare: async (page) => {
    await page.getByRole('img', { name: 'requests over time' }).waitFor()
    await page.getByRole('img', { name: 'response_time over time' }).waitFor()
  },
}

const mailingShot = (id: number): Shot => ({
  name: 'mailing',
  path: `/console/mailings/${id}`,
  colorScheme: 'light',
  prepare: async (page) => {
    await page.getByRole('heading', { name: /Autumn sale/ }).waitFor()
    await page.getByRole('img').first().waitFor()
  },
})

/** What is looked at before anything is sent. */
const CONFIRM: Shot = {
  name: 'mailing-confirm',
  path: '/console/mailings/new',
  colorScheme: 'light',
  prepare: async (page) => {
    await page.getByLabel('Name').fill('Winter sale')
    await page
      .getByLabel('Text', { exact: true })
      .fill('Hello {{ attributes.name }}, the winter sale begins tomorrow at nine.')
    await page.getByLabel('Maximum messages per second').fill('50')
    await page.getByRole('button', { name: /^Review and send to/ }).click()
    await page.getByRole('dialog').getByText('get a real message').waitFor()
    await page.getByRole('dialog').getByText('the winter sale begins').first().waitFor()
  },
}

const SYSTEM: Shot = {
  name: 'system',
  path: '/console/system',
  colorScheme: 'dark',
  prepare: async (page) => {
    await page.getByText('message-dispatcher').first().waitFor()
  },
}

/** @throws Error when one is larger than a README should load */
export async function takeScreenshots(browser: Browser, options: ScreenshotOptions): Promise<void> {
  const { origin, mailing, folder } = options
  mkdirSync(folder, { recursive: true })
  for (const { name, path, colorScheme, prepare, height = SIZE.height } of [
    mailingShot(mailing),
    LOGS,
    METRICS,
    CONFIRM,
    SYSTEM,
  ]) {
    const page = await browser.newPage({
      ...{ viewport: { ...SIZE, height }, colorScheme, reducedMotion: 'reduce' },
      ...{ locale: 'en-GB', timezoneId: 'UTC' },
    })
    await page.goto(origin + path)
    await prepare(page)
    const file = join(folder, `${name}.png`)
    await page.screenshot({ path: file })
    await page.close()
    if (statSync(file).size > MAX_BYTES) throw new Error(`${file} is larger than ${MAX_BYTES} bytes`)
  }
}

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
  /** Makes it ready, and waits until all of it is there. */
  readonly prepare: (page: Page) => Promise<void>
}

const SIZE = { width: 1200, height: 750 }
/** The README is read on slow lines, too. */
const MAX_BYTES = 150_000

const LOGS: Shot = {
  name: 'logs',
  path: '/console/logs',
  colorScheme: 'light',
  prepare: async (page) => {
    await page.getByRole('table').getByRole('link').first().waitFor()
    await page
      .getByText(/entries/)
      .first()
      .waitFor()
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

/** @throws Error when one is larger than a README should load */
export async function takeScreenshots(browser: Browser, options: ScreenshotOptions): Promise<void> {
  const { origin, mailing, folder } = options
  mkdirSync(folder, { recursive: true })
  for (const { name, path, colorScheme, prepare } of [mailingShot(mailing), LOGS, METRICS]) {
    const page = await browser.newPage({
      ...{ viewport: SIZE, colorScheme, reducedMotion: 'reduce' },
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

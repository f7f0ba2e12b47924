import type { Browser, BrowserContext, Page } from 'playwright-core'
import { inspectPage, applyAppearance } from './inspect-page.ts'
import { APPEARANCES, type Appearance } from './appearances.ts'
import { CANARY, watchPage } from './watch-page.ts'

/** What a page may take to show what is waited for, on a machine that has much else to do. */
const PATIENCE_MS = 60_000

/** A window of a browser that shows Runnel. */
export interface Visit extends AsyncDisposable {
  readonly page: Page
  /** What should not have happened so far, a line each. */
  readonly troubles: string[]
  /** Opens an address of Runnel. */
  go(path: string): Promise<void>
  /** Leaves pictures of the page; what keeps people from using it becomes a trouble. */
  inspect(name: string): Promise<void>
}

/**
 * @param origin of query-api: the only host that pages may talk to
 * @param looks how every page is inspected
 */
export async function startVisit(
  browser: Browser,
  origin: string,
  appearances: readonly Appearance[] = APPEARANCES,
): Promise<Visit> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    acceptDownloads: true,
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const troubles = watchPage(page, origin)
  await applyAppearance(page, APPEARANCES[0])
  return {
    page,
    troubles,
    go: async (path) => void (await page.goto(origin + path)),
    inspect: async (name) => {
      await noteCanary(page, troubles)
      troubles.push(...(await inspectPage(page, name, appearances)))
    },
    [Symbol.asyncDispose]: () => closeContext(context),
  }
}

async function noteCanary(page: Page, troubles: string[]): Promise<void> {
  if (await page.evaluate((name) => name in globalThis, CANARY)) troubles.push('stored text was run')
}

async function closeContext(context: BrowserContext): Promise<void> {
  await context.close()
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { findBarriers } from './find-barriers.ts'
import { APPEARANCES, type Appearance } from './appearances.ts'

/** Where pictures of every view are left. */
const PICTURES = fileURLToPath(new URL('../tmp', import.meta.url))

/**
 * Looks at a page as it stands, and leaves a picture of each appearance.
 *
 * @param name of the pictures
 * @returns what keeps people from using it, a line each
 */
export async function inspectPage(
  page: Page,
  name: string,
  appearances: readonly Appearance[],
): Promise<string[]> {
  const findings: string[] = []
  for (const appearance of appearances) {
    await applyAppearance(page, appearance)
    const found = [...(await findBarriers(page, appearance.rules)), ...(await findOverflow(page))]
    findings.push(...found.map((finding) => `${name}, ${appearance.name}: ${finding}`))
    await takePicture(page, `${name}-${appearance.name}`)
  }
  await applyAppearance(page, APPEARANCES[0])
  return findings
}

export async function applyAppearance(page: Page, { width, height, colorScheme }: Appearance): Promise<void> {
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  // What observes its size hears of it with the next frame, and is drawn anew with the one after that.
  await page.evaluate(
    () =>
      new Promise<void>((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))),
      ),
  )
}

async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true })
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })
}

/** A page that is wider than the screen has to be pushed around to be read. */
async function findOverflow(page: Page): Promise<string[]> {
  const [width, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
  return width! > screen! ? [`${width} px wide on a screen of ${screen} px`] : []
}

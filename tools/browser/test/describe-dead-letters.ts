import { describe, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import type { TestSession } from './use-browser.ts'

/** What cannot be stored is mended here, or taken elsewhere. */
export function describeDeadLetters(session: () => TestSession): void {
  /** A letter that lacks its end, opened. */
  const openLetter = async (text: string) => {
    const { page, go } = session().visit
    await session().environment.publishRaw!(text)
    await go('/console/dead-letters?replayed=false')
    const row = page.getByRole('table', { name: 'Dead letters' }).locator('tbody tr')
    await row.filter({ hasText: text }).getByRole('link').click()
    return page.getByRole('complementary', { name: /^Dead letter/ })
  }

  describe('a dead letter', () => {
    it('is edited and stored as the event that it was meant to be', async () => {
      const { page, go, inspect } = session().visit
      const panel = await openLetter('{"service":"mended","message":"cut off')
      await panel.getByRole('button', { name: 'Edit and replay' }).click()
      const dialog = page.getByRole('dialog', { name: /^Edit dead letter/ })
      const replay = dialog.getByRole('button', { name: 'Replay as edited' })
      expect(await replay.isDisabled()).toBe(true)
      await dialog.getByLabel('Payload').fill('{"service":"mended","message":"cut off no more"}')
      await inspect('dead-letter-edit')
      await replay.click()
      await page.getByRole('status').filter({ hasText: 'The replay has started' }).waitFor()
      await panel.getByText('There is no such dead letter').waitFor()
      await go('/console/logs?service=mended')
      await page.getByRole('link', { name: 'cut off no more' }).waitFor()
    })

    it('is saved as a file, one or all that match', async () => {
      const { page } = session().visit
      const text = '{"message":"to be taken elsewhere'
      const panel = await openLetter(text)
      const one = page.waitForEvent('download')
      await panel.getByRole('button', { name: 'Download' }).click()
      expect(await readFile(await (await one).path(), 'utf8')).toBe(text)
      await panel.getByRole('button', { name: 'Close' }).click()
      const all = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Download' }).click()
      const lines = (await readFile(await (await all).path(), 'utf8')).trim().split('\n')
      const payloads = lines.map((line) => (JSON.parse(line) as { payload: string }).payload)
      expect(payloads).toContain(text)
    })
  })
}

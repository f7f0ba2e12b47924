import { beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { postJson } from './post-json.ts'
import type { TestSession } from './use-browser.ts'

/** What many log entries have in common. */
export function describeLogSummaries(session: () => TestSession): void {
  describe('a summary of logs', () => {
    beforeAll(async () => {
      const entries = Array.from({ length: 12 }, (_, i) => ({
        level: i % 4 === 0 ? 'error' : 'info',
        service: `sum-${i % 3}`,
        message: `Order ${1000 + i} took ${i * 7} ms for "user ${i}"`,
        attributes: { region: i % 2 === 0 ? 'eu-west' : 'us', ...(i > 9 && { rare: true }) },
      }))
      const others = [1, 2].map(() => ({ level: 'info', service: 'plain-sum', message: 'no order at all' }))
      await postJson(`${session().environment.ingest}/api/v1/logs?wait=stored`, [...entries, ...others])
    })

    it('counts by a field, and its values are asked for and left out by a click', async () => {
      const { page, go, inspect } = session().visit
      await go('/console/logs?query=service:sum-*')
      await page.getByRole('button', { name: 'Summarise' }).click()
      await page.getByRole('button', { name: 'Count by field' }).click()
      const levels = page.getByRole('table', { name: 'Values of level' }).locator('tbody tr')
      await eventually(async () => (await levels.count()) === 2)
      expect(await levels.first().textContent()).toMatch(/info.*9.*75/s)
      await page.getByRole('combobox', { name: 'Field to count by' }).selectOption('region')
      const regions = page.getByRole('table', { name: 'Values of region' }).locator('tbody tr')
      await eventually(async () => (await regions.count()) === 2)
      await inspect('logs-values')
      await page.getByRole('button', { name: 'Only region:us' }).click()
      await eventually(async () => (await regions.count()) === 1)
      const box = page.getByRole('combobox', { name: 'Query of logs' })
      expect(await box.inputValue()).toBe('service:sum-* region:us')
      await page.getByRole('button', { name: 'Without region:us' }).click()
      await page.getByRole('button', { name: 'Only region:eu-west' }).waitFor()
      expect(await box.inputValue()).toBe('service:sum-* -region:us')
      // From an entry, and to those that do not have the field.
      await go('/console/logs?query=service:sum-*')
      await page.getByRole('link', { name: 'Order 1010' }).click()
      await page.getByRole('button', { name: 'Count by rare' }).click()
      await page.getByText('10 entries without rare').waitFor()
      await page.getByRole('button', { name: 'Only these' }).click()
      await page.getByText('10 entries counted').waitFor()
      expect(await box.inputValue()).toBe('service:sum-* -rare:*')
      await page.getByRole('button', { name: 'Close the counts' }).click()
      await eventually(() => !new URL(page.url()).searchParams.has('by'))
    })

    it('groups similar messages, and a pattern is asked for and left out by a click', async () => {
      const { page, go, inspect } = session().visit
      await go('/console/logs?query=service:*sum*')
      await page.getByRole('button', { name: 'Summarise' }).click()
      await page.getByRole('button', { name: 'Patterns of messages' }).click()
      const patterns = page.getByRole('table', { name: 'Patterns of messages' }).locator('tbody tr')
      await eventually(async () => (await patterns.count()) === 2)
      expect(await patterns.first().textContent()).toMatch(/Order <num> took <num> ms for <text>.*12.*85/s)
      await inspect('logs-patterns')
      await patterns.first().getByRole('link').click()
      await page
        .getByRole('complementary', { name: 'Log entry' })
        .getByText(/Order 10\d\d took/)
        .first()
        .waitFor()
      await page.keyboard.press('Escape')
      const box = page.getByRole('combobox', { name: 'Query of logs' })
      await page.getByRole('button', { name: 'Without message:"no order at all"' }).click()
      await eventually(async () => (await patterns.count()) === 1)
      expect(await box.inputValue()).toBe('service:*sum* -message:"no order at all"')
      await page.getByRole('button', { name: 'Without message:Order' }).click()
      await page.getByText('Nothing matches in this range.').first().waitFor()
      await go('/console/logs?query=service:*sum*&patterns=1')
      await page.getByRole('button', { name: 'Only message:Order' }).click()
      await page.getByText('12 entries counted').waitFor()
      await page.getByRole('link', { name: 'Order 1011 took' }).waitFor()
      await page.getByRole('button', { name: 'Close the patterns' }).click()
      await eventually(() => !new URL(page.url()).searchParams.has('patterns'))
    })

    it('is asked for by fields and values that the server knows, with the keyboard alone', async () => {
      const { page, go, inspect } = session().visit
      // None of the entries at hand has them.
      await go('/console/logs?query=service:nothing-at-all')
      const box = page.getByRole('combobox', { name: 'Query of logs' })
      await box.focus()
      await box.press('End')
      await page.keyboard.type(' reg')
      const options = page.getByRole('option')
      await options.filter({ hasText: /^region:$/ }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Tab')
      await options.filter({ hasText: /^region:us$/ }).waitFor()
      expect(await box.inputValue()).toBe('service:nothing-at-all region:')
      await page.keyboard.press('ArrowUp')
      const chosen = page.locator('[role=option][aria-selected=true]')
      expect(await box.getAttribute('aria-activedescendant')).toBe(await chosen.getAttribute('id'))
      await inspect('logs-completions')
      // A term in the middle is completed in its place.
      await box.fill('ser region:us')
      await box.evaluate((input: HTMLInputElement) => input.setSelectionRange(3, 3))
      await page.keyboard.type('v')
      await options.filter({ hasText: /^service:$/ }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await page.keyboard.type('sum-0')
      await page.keyboard.press('Enter')
      await eventually(() => new URL(page.url()).searchParams.get('query') === 'service:sum-0 region:us')
      await page.getByRole('link', { name: 'Order 1009' }).waitFor()
    })

    it('is exported with the columns that are shown', async () => {
      const { page, go } = session().visit
      await go('/console/logs?query=service:sum-0&columns=region')
      await page.getByRole('button', { name: 'Export' }).click()
      await page.getByText('With the columns that are shown.').waitFor()
      const href = await page.getByRole('link', { name: 'CSV' }).getAttribute('href')
      const [head, row] = (await (await fetch(new URL(href!, page.url()))).text()).split('\r\n')
      expect(head).toBe('occurredAt,level,service,region,message')
      expect(row).toMatch(/^[^,]+,info,sum-0,us,"Order 1009 took 63 ms for ""user 9"""$/)
    })
  })
}

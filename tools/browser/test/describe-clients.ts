import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { postJson } from './post-json.ts'
import type { TestSession } from './use-browser.ts'

/** Clients are found by what people know of them, and mailings name what clients have. */
export function describeClients(session: () => TestSession): void {
  const create = (members: object) =>
    postJson(`${session().environment.query}/api/v1/clients`, { timeZone: 'Europe/Berlin', ...members })

  describe('clients', () => {
    it('are found by a part of a name or of a phone, and counted', async () => {
      const { page, go, inspect } = session().visit
      await create({ phone: '79165550301', attributes: { name: 'Wilhelmina Stern', 'first name': 'Mina' } })
      await create({ phone: '79165550302', attributes: { name: 'Wilhelm Stern' }, optedOut: true })
      await go('/console/clients')
      const search = page.getByRole('searchbox', { name: 'Search clients' })
      const rows = page.getByRole('table', { name: 'Clients' }).locator('tbody tr')
      await search.fill('wilhelm')
      await search.press('Enter')
      await page.getByRole('status').filter({ hasText: '2 clients, 1 opted out' }).waitFor()
      await eventually(async () => (await rows.count()) === 2)
      await inspect('clients-search')
      await search.fill('+7 (916) 555-03-01')
      await search.press('Enter')
      await page
        .getByRole('status')
        .filter({ hasText: /^1 client$/ })
        .waitFor()
      await eventually(async () => (await rows.count()) === 1)
    })

    it('are tagged and opted out together, once their number is confirmed, and one is opted in again', async () => {
      const { page, go, inspect } = session().visit
      for (const n of [1, 2, 3])
        await create({ phone: `7916555040${n}`, attributes: { name: `Kestrel ${n}` }, tag: 'old' })
      await go('/console/clients?q=kestrel')
      const open = async () => {
        await page.getByRole('button', { name: 'Change many' }).click()
        return page.getByRole('dialog')
      }
      const tagging = await open()
      await tagging.getByLabel('New tag').fill('birds')
      await inspect('clients-change')
      await tagging.getByLabel('New tag').press('Enter')
      await tagging.getByText('3 clients match; 3 will have the tag birds.').waitFor()
      await inspect('clients-change-confirm')
      await tagging.getByRole('button', { name: 'Tag 3' }).click()
      await tagging.getByText('3 clients changed.').waitFor()
      await tagging.getByRole('button', { name: 'Close' }).last().click()
      const opting = await open()
      await opting.getByText('Opt out', { exact: true }).click()
      await opting.getByText('A list of phones', { exact: true }).click()
      await opting.getByRole('textbox', { name: /^Phones/ }).fill('+7 916 555 04 01\n79165550402')
      await opting.getByLabel('Reason').fill('asked by phone')
      await opting.getByRole('button', { name: 'Count' }).click()
      await opting.getByRole('button', { name: 'Opt out 2' }).click()
      await opting.getByText('2 clients changed.').waitFor()
      await opting.getByRole('button', { name: 'Close' }).last().click()
      await page.getByRole('status').filter({ hasText: '3 clients, 2 opted out' }).waitFor()
      await page.getByRole('link', { name: '79165550401' }).click()
      const panel = page.getByRole('complementary')
      await panel.getByText(/asked by phone, noted by/).waitFor()
      await panel.getByRole('button', { name: 'Opt in' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
      await panel.getByText('receives messages').waitFor()
      await panel.getByText('Taken off the suppression list').waitFor()
      await panel.getByText('Created', { exact: true }).last().waitFor()
      await inspect('clients-history')
    })

    it('have attributes that the form of a mailing offers, by whatever name', async () => {
      const { page, go } = session().visit
      await create({ phone: '79165550303', tag: 'ada', attributes: { 'second name': 'Ada' } })
      await go('/console/mailings/new')
      await page.getByLabel('Tags').fill('ada')
      await page.getByLabel('Tags').press('Enter')
      const chips = page.getByRole('group', { name: 'Insert a variable' })
      await chips.getByRole('button', { name: 'attributes.name', exact: true }).waitFor()
      const more = chips.getByRole('button', { name: /^Show \d+ more$/ })
      if ((await more.count()) > 0) await more.click()
      await chips.getByRole('button', { name: 'attributes["second name"]' }).click()
      const text = page.getByLabel('Text', { exact: true })
      expect(await text.inputValue()).toBe('{{ attributes["second name"] }}')
      await page.getByText('Ada', { exact: true }).first().waitFor()
    })
  })
}

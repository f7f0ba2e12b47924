import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { postJson } from './post-json.ts'
import { isFocused, tabTo } from './tab-to.ts'
import type { TestSession } from './use-browser.ts'

const TAG = 'careful'
/** At one a second, a mailing to them is under way for longer than the slowest machine takes to pause it. */
const CLIENTS = Array.from({ length: 120 }, (_, n) => String(79165550101 + n))

/** What leads to real messages takes a person who has read what they are. */
export function describeSending(session: () => TestSession): void {
  /** Some clients of a tag of their own, and the form of a mailing to them. */
  const openForm = async (text: string) => {
    const {
      environment: { query },
      visit: { page, go },
    } = session()
    // Those of the test before are there already.
    await Promise.all(
      CLIENTS.map((phone, i) =>
        fetch(`${query}/api/v1/clients`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            phone,
            tag: TAG,
            timeZone: 'Europe/Moscow',
            attributes: { name: `Anna ${i}` },
          }),
        }),
      ),
    )
    await go('/console/mailings/new')
    await page.getByLabel('Text', { exact: true }).fill(text)
    await page.getByLabel('Tags').fill(TAG)
    await page.getByLabel('Tags').press('Enter')
    await page.getByLabel('Maximum messages per second').fill('1')
    await page.getByRole('button', { name: `Review and send to ${CLIENTS.length} clients` }).waitFor()
  }

  const mailingsNamed = async (name: string) => {
    const answer = await fetch(`${session().environment.query}/api/v1/mailings/stats`)
    const { items } = (await answer.json()) as { items: { name: string; status: string }[] }
    return items.filter((mailing) => mailing.name === name)
  }

  describe('sending', () => {
    it('is not begun by Enter in a field, and asks first: how many, what they read, when, how fast, what is odd', async () => {
      const { page, inspect } = session().visit
      await openForm('Hello {{ attributes.nmae }}, your tag is {{ tag }}')
      await page.getByLabel('Name').fill('Not by Enter')
      for (const label of ['Name', 'Maximum messages per second']) {
        await page.getByLabel(label).press('Enter')
        expect(await page.getByRole('dialog').count()).toBe(0)
      }
      await page.getByRole('button', { name: /^Review and send to/ }).click()
      const dialog = page.getByRole('dialog', { name: 'Send this mailing?' })
      await dialog.getByText(`${CLIENTS.length} clients get a real message.`).waitFor()
      await dialog
        .getByRole('list', { name: 'Warnings' })
        .getByText('The variable attributes.nmae is empty')
        .waitFor()
      await dialog.getByText('did you mean attributes.name?').waitFor()
      await dialog.getByText(`Hello , your tag is ${TAG}`).first().waitFor()
      await dialog.getByText('All day', { exact: true }).waitFor()
      await dialog.getByText('At most 1 a second: it takes 2 min at least').waitFor()
      await inspect('sending-review')
      // The Enter that opened it confirms nothing, held down or not.
      await page.keyboard.press('Enter')
      await dialog.getByRole('button', { name: 'Back' }).click()
      await dialog.waitFor({ state: 'hidden' })
      expect(await mailingsNamed('Not by Enter')).toEqual([])
    })

    it('begins once it is confirmed, and is paused at once, by one key', async () => {
      const { page } = session().visit
      await openForm('Hello {{ attributes.name }}')
      await page.getByLabel('Name').fill('Paused by a key')
      await tabTo(page, page.getByRole('button', { name: /^Review and send to/ }))
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: 'Send this mailing?' })
      await tabTo(page, dialog.getByRole('button', { name: `Start sending to ${CLIENTS.length} clients` }))
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Paused by a key' }).waitFor()
      await tabTo(page, page.getByRole('button', { name: 'Pause', exact: true }))
      await page.keyboard.press('Enter')
      await page.getByText('paused', { exact: true }).first().waitFor()
      expect(await mailingsNamed('Paused by a key')).toMatchObject([{ status: 'paused' }])
    })

    it('a dialog takes the focus to its title, where Enter does nothing', async () => {
      const { page, go } = session().visit
      const { query } = session().environment
      const end = new Date(Date.now() + 3_600_000).toISOString()
      const { id } = await postJson<{ id: number }>(`${query}/api/v1/mailings`, {
        ...{ name: 'A draft', text: 'Hello', end, draft: true, filter: { tags: [TAG] } },
      })
      await go(`/console/mailings/${id}`)
      await tabTo(page, page.getByRole('button', { name: 'Schedule', exact: true }))
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog', { name: 'Schedule this draft?' })
      await eventually(() => isFocused(dialog.getByRole('heading', { name: 'Schedule this draft?' })))
      await page.keyboard.press('Enter')
      await dialog.getByText(`${CLIENTS.length} clients get a real message.`).waitFor()
      await dialog.getByText('Hello', { exact: true }).first().waitFor()
    })
  })
}

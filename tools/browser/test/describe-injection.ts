import { describe, expect, it } from '@jest/globals'
import { CANARY } from '../src/index.ts'
import { hostile } from './hostile.ts'
import type { TestSession } from './use-browser.ts'
import { send } from './send.ts'

/** Whatever is stored shows as text in every view that shows it. */
export function describeInjection(session: () => TestSession): void {
  /** Waits for each text, and makes sure that none has become anything else. */
  const expectTexts = async (...fields: readonly string[]) => {
    const { page } = session().visit
    for (const field of fields)
      await page.getByText(hostile(field)).filter({ visible: true }).first().waitFor()
    const made = await page.locator('img[src="x"], body script, [onerror]').count()
    const canary = await page.evaluate((name) => name in globalThis, CANARY)
    expect([made, canary]).toEqual([0, false])
  }

  describe('markup in what is stored', () => {
    it('is text in products', async () => {
      const {
        visit: { page, go },
        environment,
      } = session()
      await send(`${environment.ingest}/api/v1/products?wait=stored`, {
        id: 666,
        name: hostile('name'),
        price: 1,
        manufacturer: hostile('manufacturer'),
        [hostile('attribute')]: hostile('value'),
        list: [hostile('item')],
      })
      await go(`/?q=${encodeURIComponent(hostile('name'))}`)
      await expectTexts('name', 'manufacturer')
      expect(await page.getByRole('searchbox').inputValue()).toBe(hostile('name'))
      await go('/product?id=666')
      await expectTexts('name', 'manufacturer', 'attribute', 'value')
      // Put in by the script of the page, not by the server.
      await send(`${environment.ingest}/api/v1/products?wait=stored`, {
        id: 666,
        name: hostile('renamed'),
        price: 1,
      })
      await expectTexts('renamed')
    })

    it('is text in logs', async () => {
      const {
        visit: { page, go },
        environment,
      } = session()
      await send(`${environment.ingest}/api/v1/logs?wait=stored`, {
        level: hostile('level'),
        service: hostile('service'),
        message: hostile('message'),
        [hostile('attribute')]: hostile('value'),
        nested: { text: hostile('nested') },
      })
      const filter = new URLSearchParams({
        level: hostile('level'),
        service: hostile('service'),
        q: `"${CANARY}=1"`,
        [`attr.${hostile('attribute')}`]: hostile('value'),
      })
      await go(`/console/logs?${filter}`)
      await expectTexts('level', 'service', 'message')
      await page
        .getByRole('table')
        .getByRole('link', { name: hostile('message') })
        .click()
      await page.getByRole('complementary').getByText('As it was sent').waitFor()
      await expectTexts('level', 'service', 'message', 'attribute', 'value')
      await go(`/console/logs?live=1&service=${encodeURIComponent(hostile('service'))}`)
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
      await send(`${environment.ingest}/api/v1/logs`, {
        service: hostile('service'),
        message: hostile('tail'),
      })
      await expectTexts('tail', 'service')
    })

    it('is text in metrics', async () => {
      const {
        visit: { go },
        environment,
      } = session()
      const name = hostile('metric')
      const tags = { [hostile('tag')]: hostile('value') }
      await send(`${environment.ingest}/api/v1/metrics?wait=stored`, {
        data: { name, value: 1, unit: hostile('unit'), tags },
      })
      await go(
        `/console/metrics?${new URLSearchParams({ name, by: hostile('tag'), [`tag.${hostile('tag')}`]: hostile('value') })}`,
      )
      await expectTexts('metric', 'unit', 'value')
    })

    it('is text in clients and what is refused of them', async () => {
      const { visit, environment } = session()
      const { page, go } = visit
      const clients = `${environment.query}/api/v1/clients`
      await send(clients, {
        phone: '79165559999',
        timeZone: 'Europe/Moscow',
        tag: hostile('tag'),
        attributes: { [hostile('attribute')]: hostile('value') },
      })
      await go(`/console/clients?tag=${encodeURIComponent(hostile('tag'))}`)
      await expectTexts('tag', 'attribute', 'value')
      await page.getByRole('table', { name: 'Clients' }).getByRole('link').first().click()
      await page.getByRole('complementary').waitFor()
      await expectTexts('tag', 'attribute', 'value')
      const file = `phone,timeZone\n"${hostile('phone').replaceAll('"', '""')}",${hostile('zone').replaceAll('"', '')}`
      const response = await fetch(`${clients}/import`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv', 'x-forwarded-user': hostile('actor') },
        body: file,
      })
      const { id } = (await response.json()) as { id: number }
      await go(`/console/clients?tab=imports&import=${id}`)
      await page.getByRole('table', { name: 'Refused lines' }).waitFor()
      await expectTexts()
    })

    it('is text in mailings and their messages', async () => {
      const { visit, environment } = session()
      const { page, go } = visit
      const mailing = await send<{ id: number }>(`${environment.query}/api/v1/mailings`, {
        name: hostile('name'),
        text: hostile('text'),
        filter: { tags: [hostile('tag')], operatorCodes: [] },
        end: new Date(Date.now() + 3_600_000).toISOString(),
      })
      await go('/console/mailings')
      await expectTexts('name')
      await page.getByRole('link', { name: hostile('name') }).click()
      await page.getByText('completed', { exact: true }).first().waitFor()
      await expectTexts('name', 'text', 'tag')
      await go(`/console/mailings/${mailing.id}?tab=messages`)
      await page.getByRole('table', { name: 'Messages' }).getByRole('link').first().click()
      await page.getByRole('complementary').waitFor()
      await expectTexts('name', 'tag')
      await go(`/console/mailings/${mailing.id}?tab=history`)
      await page.getByRole('table', { name: 'History' }).waitFor()
      await expectTexts('name')
      await go(`/console/mailings/new?from=${mailing.id}`)
      // Of the preview: what the client would read.
      await page.locator('.bubble').first().waitFor()
      await expectTexts('text', 'tag')
    })

    it('is text in dead letters', async () => {
      const { visit, environment } = session()
      const { page, go } = visit
      await environment.publishRaw!(`{"cut": "${hostile('payload').replaceAll('"', '')}`)
      await go('/console/dead-letters')
      const shown = page.getByText(hostile('payload').replaceAll('"', ''))
      await shown.first().waitFor()
      await page.getByRole('table').getByRole('row').filter({ has: shown }).getByRole('link').click()
      await page.getByRole('region', { name: 'Payload' }).waitFor()
      await expectTexts()
    })
  })
}

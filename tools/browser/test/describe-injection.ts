import { describe, expect, it } from '@jest/globals'
import { CANARY } from '../src/index.ts'
import { hostileText } from './hostile-text.ts'
import type { TestSession } from './use-browser.ts'
import { postJson } from './post-json.ts'

/** Whatever is stored shows as text in every view that shows it. */
export function describeInjection(session: () => TestSession): void {
  /** Waits for each text, and makes sure that none has become anything else. */
  const expectTexts = async (...fields: readonly string[]) => {
    const { page } = session().visit
    for (const field of fields)
      await page.getByText(hostileText(field)).filter({ visible: true }).first().waitFor()
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
      await postJson(`${environment.ingest}/api/v1/products?wait=stored`, {
        id: 666,
        name: hostileText('name'),
        price: 1,
        manufacturer: hostileText('manufacturer'),
        [hostileText('attribute')]: hostileText('value'),
        list: [hostileText('item')],
      })
      await go(`/?q=${encodeURIComponent(hostileText('name'))}`)
      await expectTexts('name', 'manufacturer')
      expect(await page.getByRole('searchbox').inputValue()).toBe(hostileText('name'))
      await go('/product?id=666')
      await expectTexts('name', 'manufacturer', 'attribute', 'value')
      // Put in by the script of the page, not by the server.
      await postJson(`${environment.ingest}/api/v1/products?wait=stored`, {
        id: 666,
        name: hostileText('renamed'),
        price: 1,
      })
      await expectTexts('renamed')
    })

    it('is text in logs', async () => {
      const {
        visit: { page, go },
        environment,
      } = session()
      await postJson(`${environment.ingest}/api/v1/logs?wait=stored`, {
        level: hostileText('level'),
        service: hostileText('service'),
        message: hostileText('message'),
        [hostileText('attribute')]: hostileText('value'),
        nested: { text: hostileText('nested') },
      })
      const filter = new URLSearchParams({
        level: hostileText('level'),
        service: hostileText('service'),
        q: `"${CANARY}=1"`,
        [`attr.${hostileText('attribute')}`]: hostileText('value'),
      })
      await go(`/console/logs?${filter}`)
      await expectTexts('level', 'service', 'message')
      await page
        .getByRole('table')
        .getByRole('link', { name: hostileText('message') })
        .click()
      await page.getByRole('complementary').getByText('As it was sent').waitFor()
      await expectTexts('level', 'service', 'message', 'attribute', 'value')
      await go(`/console/logs?live=1&service=${encodeURIComponent(hostileText('service'))}`)
      await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
      await postJson(`${environment.ingest}/api/v1/logs`, {
        service: hostileText('service'),
        message: hostileText('tail'),
      })
      await expectTexts('tail', 'service')
    })

    it('is text in metrics', async () => {
      const {
        visit: { go },
        environment,
      } = session()
      const name = hostileText('metric')
      const tags = { [hostileText('tag')]: hostileText('value') }
      await postJson(`${environment.ingest}/api/v1/metrics?wait=stored`, {
        data: { name, value: 1, unit: hostileText('unit'), tags },
      })
      await go(
        `/console/metrics?${new URLSearchParams({ name, by: hostileText('tag'), [`tag.${hostileText('tag')}`]: hostileText('value') })}`,
      )
      await expectTexts('metric', 'unit', 'value')
    })

    it('is text in clients and what is refused of them', async () => {
      const { visit, environment } = session()
      const { page, go } = visit
      const clients = `${environment.query}/api/v1/clients`
      await postJson(clients, {
        phone: '79165559999',
        timeZone: 'Europe/Moscow',
        tag: hostileText('tag'),
        attributes: { [hostileText('attribute')]: hostileText('value') },
      })
      await go(`/console/clients?tag=${encodeURIComponent(hostileText('tag'))}`)
      await expectTexts('tag', 'attribute', 'value')
      await page.getByRole('table', { name: 'Clients' }).getByRole('link').first().click()
      await page.getByRole('complementary').waitFor()
      await expectTexts('tag', 'attribute', 'value')
      const file = `phone,timeZone\n"${hostileText('phone').replaceAll('"', '""')}",${hostileText('zone').replaceAll('"', '')}`
      const response = await fetch(`${clients}/import`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv', 'x-forwarded-user': hostileText('actor') },
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
      const mailing = await postJson<{ id: number }>(`${environment.query}/api/v1/mailings`, {
        name: hostileText('name'),
        text: hostileText('text'),
        filter: { tags: [hostileText('tag')], operatorCodes: [] },
        end: new Date(Date.now() + 3_600_000).toISOString(),
      })
      await go('/console/mailings')
      await expectTexts('name')
      await page.getByRole('link', { name: hostileText('name') }).click()
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
      await environment.publishRaw!(`{"cut": "${hostileText('payload').replaceAll('"', '')}`)
      await go('/console/dead-letters')
      const shown = page.getByText(hostileText('payload').replaceAll('"', ''))
      await shown.first().waitFor()
      await page.getByRole('table').getByRole('row').filter({ has: shown }).getByRole('link').click()
      await page.getByRole('region', { name: 'Payload' }).waitFor()
      await expectTexts()
    })
  })
}

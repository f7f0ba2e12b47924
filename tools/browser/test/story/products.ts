import { expect } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { TestSession } from '../use-browser.ts'
import { postJson } from '../post-json.ts'

const PEN = { id: 1, name: 'Fountain pen', price: 24.5, manufacturer: 'Inkwell & Sons', nib: 'M' }
const LAMP = { id: 4711, name: 'Reading lamp', price: 15, manufacturer: 'Lumen' }

/** The landing page: what is in it, one product, and that both follow changes. */
export async function seeProducts({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  const put = (product: object) => postJson(`${environment.ingest}/api/v1/products?wait=stored`, product)
  await go('/')
  if (!environment.hasSample) {
    await page.getByText('There are no products yet').waitFor()
    await inspect(`${environment.name}-products-empty`)
    await put(PEN)
  }
  // By itself, even where there was nothing.
  await page.getByRole('link', { name: PEN.name }).waitFor()
  await put(LAMP)
  const row = page.getByRole('row').filter({ hasText: LAMP.name })
  await row.waitFor()
  await inspect(`${environment.name}-products`)
  await put({ ...LAMP, price: 99.5 })
  await eventually(async () => (await row.innerText()).includes('99.50'))

  await page.getByRole('link', { name: LAMP.name }).click()
  await page.getByRole('heading', { name: LAMP.name }).waitFor()
  await inspect(`${environment.name}-product`)
  await put({ ...LAMP, price: 12.25 })
  await page.getByText('12.25').waitFor()

  await go('/?manufacturer=Lumen&sort=-price')
  await row.waitFor()
  expect(await page.getByRole('link', { name: PEN.name }).count()).toBe(0)
}

import type { TestSession } from '../use-browser.ts'

/** Who is told of what, alerts that were raised, and how the report of a day looks. */
export async function seeReports({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  await go('/console/reports')
  await page.getByText('none: set SMTP_HOST').waitFor()
  await page.getByText('No report was sent yet').waitFor()
  if (environment.publishRaw)
    await page.getByRole('table', { name: 'Alerts' }).getByText('Events become dead letters').waitFor()
  await inspect(`${environment.name}-reports`)
  const today = new Date().toISOString().slice(0, 10)
  await go(`/console/reports?day=${today}`)
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Stored: ').waitFor()
  await inspect(`${environment.name}-report`)
  const link = dialog.getByRole('link', { name: 'As mail programs show it' })
  const address = await link.getAttribute('href')
  await go(address ?? '')
  await page.getByText('Why messages failed').waitFor()
  await inspect(`${environment.name}-report-email`)
}

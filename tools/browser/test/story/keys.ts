import type { TestSession } from '../use-browser.ts'

/** Makes a key, sees its text once, rotates it and revokes it. */
export async function manageKeys({ visit: { page, go, inspect }, environment }: TestSession): Promise<void> {
  await go('/console/keys')
  await page.getByText('There are no keys yet.').waitFor()
  await page.getByText('No key was used in this time.').waitFor()
  await page.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('nightly import')
  await dialog.getByRole('checkbox', { name: 'logs:write' }).check()
  await inspect(`${environment.name}-key-new`)
  await dialog.getByRole('button', { name: 'Create' }).click()
  const key = await dialog.getByText(/^rnl_/).textContent()
  await inspect(`${environment.name}-key-issued`)
  await dialog.getByRole('button', { name: 'Done' }).click()
  const table = page.getByRole('table', { name: 'API keys' })
  await table.getByRole('cell', { name: 'nightly import', exact: true }).waitFor()
  if ((await page.content()).includes(key!)) throw new Error('the text of the key is still on the page')
  await page.getByRole('button', { name: 'Rotate nightly import' }).click()
  await dialog.getByRole('button', { name: 'Rotate' }).click()
  await dialog.getByText('stays valid until').waitFor()
  await dialog.getByRole('button', { name: 'Done' }).click()
  await table.getByText('rotating').waitFor()
  await page.getByRole('button', { name: 'Revoke nightly import' }).click()
  await dialog.getByRole('button', { name: 'Revoke' }).click()
  await table.getByText('revoked').waitFor()
  await inspect(`${environment.name}-keys`)
}

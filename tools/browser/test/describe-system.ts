import { describe, expect, it } from '@jest/globals'
import type { TestSession } from './use-browser.ts'

interface SystemAnswer {
  readonly broker: { readonly kind: string }[]
}

/** The page of the system in states that cannot be waited for. */
export function describeSystem(session: () => TestSession): void {
  describe('a lag', () => {
    it('of long ago says how old it is, while something waits', async () => {
      const { page, go, inspect } = session().visit
      let lagAgeSeconds = 120
      await page.route('**/api/v1/system', async (route) => {
        const response = await route.fetch()
        const answer = (await response.json()) as SystemAnswer
        const logs = { pendingMessages: 5, unsettledMessages: 0, lagSeconds: 3, lagAgeSeconds }
        const broker = answer.broker.map((state) => (state.kind === 'logs' ? { ...state, ...logs } : state))
        await route.fulfill({ response, json: { ...answer, broker } })
      })
      await go('/console/system')
      const row = page.getByRole('row', { name: /^logs 5/ })
      await row.getByText('3 s (2 min ago)').waitFor()
      await inspect('system-old-lag')
      lagAgeSeconds = 2
      await row.getByText('3 s', { exact: true }).waitFor()
      expect(await row.getByText('ago').count()).toBe(0)
      await page.unroute('**/api/v1/system')
    })
  })
}

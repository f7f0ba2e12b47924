import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** Findings that keep people out; the lesser ones are matters of taste. */
const GRAVE = ['serious', 'critical']

/**
 * Checks a page as it stands with axe-core.
 *
 * @param rules of axe-core; all of them unless given
 * @returns what is grave, a line each
 */
export async function findBarriers(page: Page, rules?: readonly string[]): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in globalThis)
  if (!isThere) await page.evaluate(axe.source)
  const violations = await page.evaluate(
    async (only) => {
      const { axe: tool } = globalThis as unknown as { axe: typeof axe }
      const options = only ? { runOnly: only } : {}
      const { violations } = await tool.run(document, { resultTypes: ['violations'], ...options })
      return violations.map(({ id, impact, help, nodes }) => ({
        ...{ id, impact, help },
        nodes: nodes.map(({ html, failureSummary }) => `${html}: ${failureSummary}`),
      }))
    },
    rules && [...rules],
  )
  return violations
    .filter(({ impact }) => GRAVE.includes(impact ?? ''))
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node}`))
}

import { spawnCeiling } from '../ceilings/spawn-ceiling.ts'
import type { Contest, ContestOptions } from '../contest.ts'
import { createHttpContest } from '../http-contest.ts'
import type { ProcessCosts } from '../process-costs.ts'

export interface StaticContestOptions extends ContestOptions {
  readonly costs: ProcessCosts
  /** Address of query-api. */
  readonly url: string
  readonly path: string
}

/**
 * What query-api answers, against a bare server that sends the same bytes ready-made.
 *
 * @throws Error when it does not answer with 200
 */
export async function openStaticContest({
  stack,
  generator,
  seconds,
  costs,
  url,
  path,
}: StaticContestOptions): Promise<Contest> {
  const response = await fetch(url + path)
  if (!response.ok) throw new Error(`${path} cannot be read: ${await response.text()}`)
  const ceilingUrl = await spawnCeiling(stack, costs, 'bare-static', await response.text())
  return createHttpContest({
    generator,
    seconds,
    costs,
    ceiling: { url: ceilingUrl + path },
    runnel: { url: url + path },
    eventsPerRequest: 1,
  })
}

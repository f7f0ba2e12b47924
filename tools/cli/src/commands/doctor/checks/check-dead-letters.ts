import { formatCount } from '@runnel/producer-sim/cli'
import type { Connection } from '../../../connection/connect.ts'
import { requireData } from '../../../connection/problem.ts'
import { ok, warning, type Finding } from '../finding.ts'

const CHECK = 'dead letters'

/** Events that could not be stored and that nobody has looked at. @throws CliError where the key may not ask */
export async function checkDeadLetters({ deadLetters, target }: Connection): Promise<Finding> {
  const params = { query: { replayed: false } }
  const { count, groups } = requireData(await deadLetters.GET('/api/v1/dead-letters/groups', { params }))
  if (count === 0) return ok(CHECK, 'There are none')
  const reasons = groups
    .slice(0, 3)
    .map((group) => `${formatCount(group.count)} of ${group.kind} (${group.code})`)
  return warning(
    CHECK,
    `${formatCount(count)} events could not be stored: ${reasons.join(', ')}`,
    `Mend what their reasons say, and replay or discard them: ${target.url}/console/dead-letters`,
  )
}

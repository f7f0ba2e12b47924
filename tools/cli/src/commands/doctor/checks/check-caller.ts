import { requireData } from '../../../connection/problem.ts'
import type { Connection } from '../../../connection/connect.ts'
import { ok, problem, warning, type Finding } from '../finding.ts'

const CHECK = 'key'

/** Whose key this is. @throws CliError where Runnel is not reached */
export async function checkCaller({ query, target }: Connection): Promise<Finding> {
  const { kind, name, scopes } = requireData(await query.GET('/api/v1/me'))
  if (kind === 'open')
    return ok(CHECK, 'Runnel asks for no key: every client that reaches it may do everything')
  if (kind === 'stranger') {
    const message =
      target.key === undefined ? 'Runnel asks for a key, and none was given' : 'The key is not accepted'
    return problem(
      CHECK,
      message,
      'Give one with --key-file or RUNNEL_API_KEY; an administrator makes one with: runnel keys create',
    )
  }
  if (scopes.includes('system:read')) return ok(CHECK, `${name}, with ${scopes.length} scopes`)
  return warning(
    CHECK,
    `${name} lacks the scope system:read: apps, servers and backlog cannot be looked at`,
    'Use a key of the role viewer or admin',
  )
}

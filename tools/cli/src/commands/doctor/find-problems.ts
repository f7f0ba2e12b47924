import type { CliContext } from '../../cli-context.ts'
import { CliError } from '../../cli-error.ts'
import type { Connection } from '../../connection/connect.ts'
import { requireData } from '../../connection/problem.ts'
import type { IngestOptions } from '../send/find-ingest.ts'
import { checkCaller } from './checks/check-caller.ts'
import { checkClock } from './checks/check-clock.ts'
import { checkDeadLetters } from './checks/check-dead-letters.ts'
import { checkIngest } from './checks/check-ingest.ts'
import { checkSystem } from './checks/check-system.ts'
import { checkVersion } from './checks/check-version.ts'
import { problem, unknown, type Finding } from './finding.ts'

/** What a running Runnel shows of itself: one finding for each thing that was looked at. */
export async function findProblems(
  options: IngestOptions,
  connection: Connection,
  context: CliContext,
): Promise<readonly Finding[]> {
  const { url } = connection.target
  let caller: Finding
  try {
    caller = await checkCaller(connection)
  } catch (error) {
    // Nothing else can be asked.
    if (!(error instanceof CliError)) throw error
    return [problem('address', error.message, error.details.hint ?? `See what answers at ${url}`)]
  }
  const checks: readonly (readonly [check: string, look: () => Promise<readonly Finding[]>])[] = [
    ['version', async () => [await checkVersion(connection, context)]],
    ['ingest', async () => [await checkIngest(options, connection, context)]],
    ['system', () => readSystem(connection, context)],
    ['dead letters', async () => [await checkDeadLetters(connection)]],
  ]
  const found = await Promise.all(checks.map(([check, look]) => orUnknown(check, look)))
  return [{ check: 'address', status: 'ok', message: `Runnel answers at ${url}` }, caller, ...found.flat()]
}

async function readSystem({ query }: Connection, { nowMs }: CliContext): Promise<readonly Finding[]> {
  const askedMs = nowMs()
  const system = requireData(await query.GET('/api/v1/system'))
  const clock = checkClock({ askedMs, serverMs: Date.parse(system.at), answeredMs: nowMs() })
  return [clock, ...checkSystem(system)]
}

/** What one check could not see keeps the others from nothing. */
async function orUnknown(
  check: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look()
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return [unknown(check, error.message, error.details.hint ?? 'Try again')]
  }
}

import type { CliContext } from '../../../cli-context.ts'
import { CliError } from '../../../cli-error.ts'
import type { Connection } from '../../../connection/connect.ts'
import { fetchAnswer } from '../../../connection/fetch-answer.ts'
import { findIngest, type IngestOptions } from '../../send/find-ingest.ts'
import { ok, problem, type Finding } from '../finding.ts'

const CHECK = 'ingest'

/** Whether events can be sent from here: ingest-api is asked at the address that send uses. */
export async function checkIngest(
  options: IngestOptions,
  connection: Connection,
  context: CliContext,
): Promise<Finding> {
  const url = await findIngest(options, connection, context)
  const { timeoutMs } = connection.target
  try {
    const { ok: isReady } = await fetchAnswer(new Request(`${url}/readyz`), {
      timeoutMs,
      signal: context.signal,
    })
    if (isReady) return ok(CHECK, `Events can be sent to ${url}`)
    return problem(
      CHECK,
      `ingest-api at ${url} is not ready`,
      'What it waits for stands under app ingest-api',
    )
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return problem(
      CHECK,
      error.message,
      'Name the address by which it is reached from here: --ingest-url, RUNNEL_INGEST_URL, or INGEST_PUBLIC_URL of query-api',
    )
  }
}

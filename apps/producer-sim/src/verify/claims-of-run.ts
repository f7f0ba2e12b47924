import { KINDS } from '@runnel/contracts'
import type { LedgerRun } from '../ledger/read-ledger.ts'
import { createPayload, seqOf, TOKEN_PATH } from '../load/create-payload.ts'
import { canonicalJson } from '../event-ledger/canonical-json.ts'
import type { Claim } from './claim.ts'

/** The clocks of the load generator and of ingest-api may differ by this much. */
const CLOCK_SKEW_MS = 3_600_000

/** What a run's ledger claims to be stored: one claim for each kind. Payloads are made again from the seed. */
export function claimsOfRun({ start, acknowledged }: LedgerRun): Claim[] {
  const { run, keyed, startedAt } = start
  return KINDS.filter((kind) => acknowledged[kind].length > 0).map((kind) => ({
    label: run,
    kind,
    unit: 'seq',
    filter: {
      path: [...TOKEN_PATH[kind], 'run'],
      match: 'equals',
      text: run,
      receivedFrom: new Date(startedAt - CLOCK_SKEW_MS),
    },
    acknowledged: acknowledged[kind],
    keyed,
    numberOf: (item) => seqOf(kind, run, item),
    matches: (seq, item) => canonicalJson(item) === canonicalJson(createPayload(start, kind, seq)),
  }))
}

import type { BrokerName } from './brokers/open-broker.ts'
import type { LoadGenerator } from './load/load-generator.ts'
import { summarise, type RowResult } from './row-result.ts'
import { ROWS, type RowName } from './rows.ts'
import { watchStolenTime } from './stolen-time.ts'
import { takeTurns } from './take-turns.ts'

export interface RunOptions {
  readonly generator: LoadGenerator
  readonly turns: number
  /** Length of one measurement; the drain takes 100,000 rows for each. */
  readonly seconds: number
  readonly broker: BrokerName
  /** Receives lines about the progress. */
  readonly say: (line: string) => void
}

/** One row, from fresh stores to its result. */
export async function runRow(
  name: RowName,
  { generator, turns, seconds, broker, say }: RunOptions,
): Promise<RowResult> {
  const row = ROWS[name]
  await using stack = new AsyncDisposableStack()
  say(`${name}: starting`)
  const contest = await row.open({ generator, seconds, broker, stack })
  const stolen = watchStolenTime()
  const taken = await takeTurns(contest, turns, ({ ceiling, runnel }, index) => {
    const ratio = (runnel.rate / ceiling.rate).toFixed(2)
    say(`${name}: turn ${index + 1} of ${turns}, ratio ${ratio}`)
  })
  return { ...summarise(name, row, taken, contest.costs.list()), stolen: stolen() }
}

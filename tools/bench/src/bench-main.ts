import { Command, InvalidArgumentError, Option } from 'commander'
import { BROKER_NAMES, type BrokerName } from './brokers/open-broker.ts'
import type { Row } from './contest.ts'
import { describeMachine } from './machine.ts'
import { renderReport, type Report } from './report.ts'
import type { RowResult } from './row-result.ts'
import { ROWS, type RowName } from './rows.ts'
import { runRow } from './run-row.ts'
import { findBinary } from '@runnel/testing'
import { createAutocannon } from './load/autocannon.ts'
import type { LoadGenerator } from './load/load-generator.ts'
import { createWrk } from './load/wrk.ts'

/** `npm run bench`: Runnel against named ceilings, in turn, on private stores. A missed aim is no failure. */
interface Options {
  readonly only?: readonly RowName[]
  readonly turns: number
  readonly seconds: number
  readonly json: boolean
  readonly broker: BrokerName
}

const IDLE_AIM_MB = 120
const names = Object.keys(ROWS) as RowName[]

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1')
  return value
}

function rowNames(text: string): RowName[] {
  const wanted = text.split(',').map((name) => name.trim())
  const unknown = wanted.filter((name) => !names.includes(name as RowName))
  if (unknown.length === 0) return wanted as RowName[]
  throw new InvalidArgumentError(`There is no row ${unknown.join(', ')}; there are ${names.join(', ')}`)
}

async function bench({ only, turns, seconds, json, broker }: Options): Promise<void> {
  const generator = findLoadGenerator()
  const chosen = only ?? names.filter((name) => runsOver(broker, name))
  const unable = chosen.filter((name) => !runsOver(broker, name))
  if (unable.length > 0) throw new Error(`Not measured over ${broker}: ${unable.join(', ')}`)
  const machine = await describeMachine(broker)
  // Progress goes beside the result, so that the result can be piped.
  const say = (line: string) => console.error(line)
  const rows: RowResult[] = []
  for (const name of chosen) rows.push(await runRow(name, { generator, turns, seconds, broker, say }))
  const report: Report = {
    machine,
    generator: generator.name,
    turns,
    seconds,
    idleAimMb: IDLE_AIM_MB,
    rows,
  }
  console.log(json ? JSON.stringify(report, null, 2) : `\n${renderReport(report)}`)
}

await new Command('bench')
  .description('Measures Runnel against the most that could be had, on this machine and in the same run')
  .option('--only <row,...>', `of ${names.join(', ')} (default: all)`, rowNames)
  .option('--turns <n>', 'measurements of each side', wholeNumber, 3)
  .option('--seconds <n>', 'length of a measurement; the drain takes 100,000 rows for each', wholeNumber, 2)
  .addOption(
    new Option('--broker <name>', 'over which broker the apps run')
      .choices([...BROKER_NAMES])
      .default('nats'),
  )
  .option('--json', 'print the whole result as JSON', false)
  .action(bench)
  .parseAsync()

function runsOver(broker: BrokerName, name: RowName): boolean {
  const row: Row = ROWS[name]
  return broker === 'nats' || row.anyBroker === true
}

/** wrk where it is installed: it leaves more of the machine to the server. */
function findLoadGenerator(): LoadGenerator {
  const wrk = findBinary('wrk')
  return wrk === undefined ? createAutocannon() : createWrk(wrk)
}

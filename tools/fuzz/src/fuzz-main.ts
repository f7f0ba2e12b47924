import { connectDatabase, migrateToLatest } from '@runnel/repositories-database'
import { startPostgres } from '@runnel/testing'
import { Command, InvalidArgumentError } from 'commander'
import { runTarget, type TargetResult } from './run-target.ts'
import { TARGETS } from './targets.ts'

/** `npm run fuzz`: every parser is fed with seeded inputs, and then with the worst that its limits allow. */
interface Options {
  readonly only: readonly string[]
  readonly runs: number
  readonly seed: number
}

/** Nothing may hold the event loop for longer, in milliseconds. */
const LIMIT_MS = 100

/** Inputs of a target that go through PostgreSQL as well. */
const TRIALS = 500

const names = TARGETS.map(({ name }) => name)

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1')
  return value
}

function targetNames(text: string): string[] {
  const wanted = text.split(',').map((name) => name.trim())
  const unknown = wanted.filter((name) => !names.includes(name))
  if (unknown.length === 0) return wanted
  throw new InvalidArgumentError(`There is no target ${unknown.join(', ')}; there are ${names.join(', ')}`)
}

function print({ name, runs, trials, longestMs, longestOf, problems }: TargetResult): void {
  const sql = trials > 0 ? `, ${trials} in PostgreSQL` : ''
  console.log(
    `${name.padEnd(16)} ${String(runs).padStart(7)} inputs${sql}; longest hold ${longestMs.toFixed(0)} ms (${longestOf})`,
  )
  for (const problem of problems) console.log(`  BROKEN: ${problem.replaceAll('\n', '\n  ').slice(0, 4000)}`)
}

async function fuzz({ only, runs, seed }: Options): Promise<void> {
  console.log(`fuzz --runs ${runs} --seed ${seed}`)
  const postgres = await startPostgres()
  const database = connectDatabase({
    url: postgres.url,
    applicationName: 'fuzz',
    poolSize: 2,
    statementTimeoutMs: 10_000,
  })
  try {
    await migrateToLatest(database)
    for (const target of TARGETS.filter(({ name }) => only.includes(name))) {
      const result = await runTarget(target, {
        runs,
        seed,
        database,
        trials: TRIALS,
        worst: true,
        limitMs: LIMIT_MS,
      })
      print(result)
      if (result.problems.length > 0) process.exitCode = 1
    }
  } finally {
    await database.close()
    await postgres.close()
  }
}

await new Command('fuzz')
  .description('Feeds every parser with malformed input')
  .option('--only <target,...>', `of ${names.join(', ')} (default: all)`, targetNames, names)
  .option('--runs <n>', 'inputs of each target', wholeNumber, 100_000)
  .option('--seed <n>', 'of the inputs', wholeNumber, 1)
  .action(fuzz)
  .parseAsync()

import type { Kind } from '@runnel/contracts'
import type { Database } from '@runnel/repositories-database'
import { Command, Option } from 'commander'
import { CommandError } from '../command-error.ts'
import { readLedger } from '../ledger/read-ledger.ts'
import { openSource } from '../sources/open-source.ts'
import type { Claim } from '../verify/claim.ts'
import { claimOfFile } from '../verify/claim-of-file.ts'
import { isSound, type Findings } from '../verify/findings.ts'
import { claimsOfRun } from '../verify/claims-of-run.ts'
import { checkUntilSettled } from '../verify/check-until-settled.ts'
import type { CliContext } from './cli-context.ts'
import { formatCount } from './format.ts'
import { openStore } from './open-store.ts'
import { kind, secondsOption, time } from './option-parsers.ts'
import { createProgress } from './progress.ts'
import { describeFindings } from './describe-findings.ts'

interface VerifyCommandOptions {
  readonly ledger?: readonly string[]
  readonly file?: readonly string[]
  readonly kind?: Kind
  readonly salt?: string
  readonly since: Date
  readonly settle: number
  readonly databaseUrl?: string
  readonly dataDir?: string
  readonly json: boolean
}

const HELP = `
Reads PostgreSQL directly: DATABASE_URL or --database-url, or --data-dir once npm start has stopped. Lost: acknowledged, neither stored nor
dead-lettered. Doubled: more rows than events. Altered: the stored item is not the one that was sent.
Exit code: 0 when nothing is lost, doubled or altered, 1 otherwise, 2 wrong usage.`

export function createVerifyCommand(context: CliContext): Command {
  return new Command('verify')
    .description('compare what was acknowledged with what is stored')
    .option('--ledger <file...>', 'ledgers of load')
    .option('--file <file...>', 'files that were replayed')
    .option('--kind <kind>', 'what the files hold (default: by extension)', kind)
    .option('--salt <text>', 'the salt that the files were replayed with')
    .addOption(
      new Option('--since <time>', 'of the files, count only rows received since')
        .argParser(time)
        .default(new Date(0), 'all'),
    )
    .addOption(secondsOption('--settle <s>', 'seconds to wait for events that are on their way', 30_000))
    .addOption(new Option('--database-url <url>', 'default: DATABASE_URL').conflicts('dataDir'))
    .option('--data-dir <folder>', 'read the data of a standalone Runnel that is not running')
    .option('--json', 'print the findings as JSON', false)
    .addHelpText('after', HELP)
    .action((options: VerifyCommandOptions) => verify(options, context))
}

async function verify(options: VerifyCommandOptions, context: CliContext): Promise<void> {
  const { claims, notes } = await collectClaims(options)
  const db = await openStore(options, context)
  try {
    const findings = await check(db, claims, options, context)
    const sound = findings.every(isSound)
    const report = options.json
      ? `${JSON.stringify({ sound, findings, notes })}\n`
      : describeFindings(findings, notes, context.out.isTTY)
    context.out.write(report)
    if (!sound) context.exitWith(1)
  } finally {
    await db.close()
  }
}

async function collectClaims(options: VerifyCommandOptions) {
  const { ledger = [], file = [] } = options
  if (ledger.length + file.length === 0) throw new CommandError('name what to verify: --ledger or --file')
  const claims: Claim[] = []
  const notes: string[] = []
  for (const path of ledger) {
    const { runs, unreadable } = await readLedger(path)
    const found = runs.flatMap(claimsOfRun)
    if (found.length === 0)
      throw new CommandError(`${path}: nothing was acknowledged, there is nothing to verify`, 1)
    claims.push(...found)
    if (unreadable > 0) notes.push(`${path}: ${unreadable} unreadable lines, left by a run that was killed`)
  }
  for (const path of file) {
    const { claim, refused } = await claimOfFile(await openSource(path, options), options.since)
    claims.push(claim)
    if (refused > 0)
      notes.push(`${path}: ${refused} entries can be no events; replay reports them as rejected`)
  }
  return { claims, notes }
}

async function check(
  db: Database,
  claims: readonly Claim[],
  options: VerifyCommandOptions,
  context: CliContext,
): Promise<readonly Findings[]> {
  const expected = claims.reduce((total, { acknowledged }) => total + acknowledged.length, 0)
  const progress = createProgress(context.err, 'verify', 'events', expected)
  const sum = (all: readonly Findings[], of: (one: Findings) => number) =>
    all.reduce((total, one) => total + of(one), 0)
  const onPass = (findings: readonly Findings[]) => {
    const acknowledged = sum(findings, (one) => one.acknowledged)
    const missing = sum(findings, (one) => one.lost.count)
    progress.update(acknowledged - missing, acknowledged, `${formatCount(missing)} missing so far`)
  }
  try {
    return await checkUntilSettled(db, claims, { settleMs: options.settle, onPass }, context.signal)
  } catch (error) {
    if (context.signal.aborted) throw error
    throw new CommandError(`cannot read the database: ${messageOf(error)}`, 1, error)
  } finally {
    progress.stop()
  }
}

/** A refused connection to a name with two addresses is an AggregateError without a message. */
function messageOf(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string }
  return message || code || String(error)
}

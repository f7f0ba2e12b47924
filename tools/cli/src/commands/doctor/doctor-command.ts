import { Command } from 'commander'
import type { CliContext } from '../../cli-context.ts'
import { connect } from '../../connection/connect.ts'
import { EXIT } from '../../exit-codes.ts'
import { addConnectionOptions, type ConnectionOptions } from '../../options/connection-options.ts'
import { createPaint, type Paint } from '../../output/colours.ts'
import { note, printJson, printLine } from '../../output/print.ts'
import { showText } from '../../output/show-text.ts'
import { addIngestOption, type IngestOptions } from '../send/find-ingest.ts'
import { checkDisk } from './checks/check-disk.ts'
import { findProblems } from './find-problems.ts'
import type { Finding, FindingStatus } from './finding.ts'

interface DoctorOptions extends ConnectionOptions, IngestOptions {
  readonly local?: boolean
  readonly dataDir?: string
}

const HELP = `
Asks a running Runnel for its apps, servers, backlog and clocks. --local looks at this machine besides: the settings in the
environment, and PostgreSQL, the broker and Redis at DATABASE_URL, BROKER_URL and REDIS_URL, as the apps would reach them.
Exit code: 0 where nothing is broken, warnings included; 1 for a problem; 3 where Runnel does not answer.`

const STYLES = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  problem: ['problem', 'red'],
  unknown: ['unknown', 'yellow'],
} as const satisfies Readonly<Record<FindingStatus, readonly [string, Parameters<Paint>[0]]>>

const WIDTH = 7

export function createDoctorCommand(context: CliContext): Command {
  const command = new Command('doctor')
    .description('look at every connection, app and setting, and say what to do')
    .option('--local', 'look at the settings and servers of this machine as well')
    .option(
      '--data-dir <folder>',
      'folder of npm start, whose disk is looked at (default: RUNNEL_DATA_DIR, or .runnel)',
    )
  return addConnectionOptions(addIngestOption(command))
    .addHelpText('after', HELP)
    .action((options: DoctorOptions) => examine(options, context))
}

async function examine(options: DoctorOptions, context: CliContext): Promise<void> {
  const { env, signal } = context
  const disk = checkDisk(options.dataDir ?? env['RUNNEL_DATA_DIR'] ?? '.runnel')
  const findings = [
    ...(await findProblems(options, connect(options, context), context)),
    ...(disk ? [disk] : []),
    ...(options.local ? await examineLocally(env, signal) : []),
  ]
  const paint = createPaint(context.out, env)
  for (const finding of findings)
    if (options.json) await printJson(context, finding)
    else for (const line of describe(finding, paint)) await printLine(context, line)
  conclude(findings, context)
}

/** Only here: it brings the drivers of all servers along. */
async function examineLocally(env: CliContext['env'], signal: AbortSignal): Promise<readonly Finding[]> {
  const { checkLocal } = await import('./checks/check-local.ts')
  return checkLocal(env, signal)
}

function describe({ check, status, message, advice }: Finding, paint: Paint): readonly string[] {
  const [label, style] = STYLES[status]
  const line = `${paint(style, label.padEnd(WIDTH))}  ${check}: ${showText(message)}`
  return advice === undefined
    ? [line]
    : [line, `${' '.repeat(WIDTH)}  ${paint('dim', `-> ${showText(advice)}`)}`]
}

function conclude(findings: readonly Finding[], context: CliContext): void {
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length
  const problems = count('problem')
  const isAway = findings.some(({ check, status }) => check === 'address' && status === 'problem')
  if (isAway) context.exitWith(EXIT.unavailable)
  else if (problems > 0) context.exitWith(EXIT.failed)
  const others = count('warning') + count('unknown')
  note(context, problems === 0 && others === 0 ? 'All is well.' : `${problems} problems, ${others} warnings.`)
}

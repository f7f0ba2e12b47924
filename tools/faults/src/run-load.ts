import { eventually } from '@runnel/testing'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensure } from './ensure.ts'
import { runSimulator } from './run-simulator.ts'

/** What `producer-sim load --json` reports. */
interface LoadReport {
  readonly acknowledged: number
  readonly unacknowledged: number
  readonly retries: number
  readonly answers: Readonly<Record<string, number>>
}

/** What `producer-sim verify --json` reports of one kind. */
interface Finding {
  readonly acknowledged: number
  readonly stored: number
  readonly lost: { readonly count: number }
  readonly doubled: { readonly count: number }
  readonly deadLettered: { readonly count: number }
}

/** What a load goes to. */
export interface LoadTarget {
  readonly ingest: { readonly url: string }
  /** The options by which `verify` finds the store. */
  readonly store: readonly string[]
  /** For ledgers and states; removed afterwards. */
  readonly folder: string
}

export interface Load {
  readonly name: string
  readonly report: LoadReport
  readonly ledger: string
}

/** Events a second of one load; modest, for the machine carries the stores and the apps as well. */
const RATE = 400

/** Of a line of a ledger. */
const ACKNOWLEDGED = '"type":"ack"'
const BEGIN_MS = 60_000

/** A load with a ledger. @param keyed with idempotency keys, and retries under them */
export async function runLoad(
  { ingest, folder }: LoadTarget,
  { name, seconds, seed, keyed }: { name: string; seconds: number; seed: number; keyed: boolean },
): Promise<Load> {
  const ledger = ledgerOf(folder, name)
  const args = ['load', '--json', '--url', ingest.url, '--run', name, '--ledger', ledger]
  const numbers = [
    '--rate',
    String(RATE),
    '--duration',
    String(seconds),
    '--seed',
    String(seed),
    '--batch',
    '2',
  ]
  const { stdout, stderr } = await runSimulator([...args, ...numbers, ...(keyed ? ['--keyed'] : [])])
  ensure(stdout.trimStart().startsWith('{'), `load ${name} gave no report:\n${stdout}${stderr}`)
  return { name, ledger, report: JSON.parse(stdout) as LoadReport }
}

/** Resolves once something of each load is acknowledged: what is done to Runnel from then on happens under load. */
export async function waitUntilUnderWay({ folder }: LoadTarget, names: readonly string[]): Promise<void> {
  const isAcknowledged = (name: string) => readFileSync(ledgerOf(folder, name), 'utf8').includes(ACKNOWLEDGED)
  await eventually(() => names.every(isAcknowledged), { timeoutMs: BEGIN_MS })
}

const ledgerOf = (folder: string, name: string) => join(folder, `${name}.ndjson`)

/** @throws BrokenPromiseError unless everything acknowledged is stored once and unaltered, and nothing was buried */
export async function verifyLoads(
  { store }: LoadTarget,
  loads: readonly Load[],
  log: (line: string) => void,
) {
  for (const { name, ledger, report } of loads) {
    const args = ['verify', '--json', '--ledger', ledger, '--settle', '60', ...store]
    const { exitCode, stdout, stderr } = await runSimulator(args)
    ensure(exitCode === 0, `verify of ${name} failed:\n${stdout}${stderr}`)
    const findings = readFindings(stdout)
    const sum = (read: (finding: Finding) => number) =>
      findings.reduce((total, finding) => total + read(finding), 0)
    const acknowledged = sum((finding) => finding.acknowledged)
    ensure(acknowledged > 0, `${name}: nothing was acknowledged, so that nothing is proved`)
    ensure(
      sum(({ deadLettered }) => deadLettered.count) === 0,
      `${name}: good events are among the dead letters`,
    )
    const answers = JSON.stringify(report.answers)
    log(
      `verify ${name}: ${acknowledged} acknowledged, ${sum(({ stored }) => stored)} stored, ` +
        `${sum(({ lost }) => lost.count)} lost, ${sum(({ doubled }) => doubled.count)} doubled ` +
        `(${report.retries} retries under a key, ${report.unacknowledged} unacknowledged, answers ${answers})`,
    )
  }
}

function readFindings(stdout: string): readonly Finding[] {
  const parsed = JSON.parse(stdout) as { findings: readonly Finding[] }
  return parsed.findings
}

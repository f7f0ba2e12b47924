import { KINDS, type Kind } from '@runnel/contracts'
import { stat } from 'node:fs/promises'
import { CommandError } from '../command-error.ts'
import { readLines } from '../sources/read-lines.ts'
import { PAYLOAD_VERSION } from '../load/create-payload.ts'
import { parseLedgerLine, type AckLine, type RunLine } from './ledger-line.ts'
import { SeqCounts } from './seq-counts.ts'

/** What was acknowledged to one run. */
export interface LedgerRun {
  readonly start: RunLine
  readonly acknowledged: Record<Kind, SeqCounts>
}

export interface Ledger {
  readonly runs: readonly LedgerRun[]
  /** Lines that could not be read: a killed process leaves one at most. */
  readonly unreadable: number
}

const MAX_LINE_BYTES = 1024 * 1024

/** @throws CommandError when the file cannot be read, names no run, or is of another version */
export async function readLedger(path: string): Promise<Ledger> {
  const runs = new Map<string, LedgerRun>()
  let unreadable = 0
  for await (const bytes of readLines(path, await sizeOf(path), MAX_LINE_BYTES)) {
    const line = bytes && parseLedgerLine(bytes.toString('utf8'))
    const run = line && runs.get(line.run)
    if (line?.type === 'run') addRun(runs, line)
    else if (line && run) addAck(run, line)
    else if (bytes?.length !== 0) unreadable++
  }
  if (runs.size === 0) throw new CommandError(`${path} is not a ledger: it names no run`)
  return { runs: [...runs.values()], unreadable }
}

function addRun(runs: Map<string, LedgerRun>, start: RunLine): void {
  if (start.payloadVersion !== PAYLOAD_VERSION)
    throw new CommandError(
      `the run ${start.run} was written by another version of producer-sim, whose payloads this one cannot make again: verify it with that version`,
    )
  const known = runs.get(start.run)
  if (known) {
    if (known.start.seed === start.seed && known.start.keyed === start.keyed) return
    throw new CommandError(`the ledger holds two different runs that are named ${start.run}`)
  }
  const acknowledged = Object.fromEntries(KINDS.map((kind) => [kind, new SeqCounts()]))
  runs.set(start.run, { start, acknowledged: acknowledged as Record<Kind, SeqCounts> })
}

function addAck({ acknowledged }: LedgerRun, { kind, from, count, except }: AckLine): void {
  const left = new Set(except)
  for (let seq = from; seq < from + count; seq++) if (!left.has(seq)) acknowledged[kind].add(seq)
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    throw new CommandError(`cannot read the ledger ${path}: ${(error as Error).message}`, 2, error)
  }
}

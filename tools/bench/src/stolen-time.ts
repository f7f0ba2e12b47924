import { readFileSync } from 'node:fs'

/** Processor time of the whole machine since its start, in ticks. */
interface MachineTime {
  readonly total: number
  /** What the host gave to others while this machine wanted it. */
  readonly stolen: number
}

/** @param text of /proc/stat */
function parseMachineTime(text: string): MachineTime {
  // user nice system idle iowait irq softirq steal; guests are in user already.
  const fields = /^cpu +(.*)$/m.exec(text)?.[1]?.split(' ').slice(0, 8).map(Number) ?? []
  return { total: fields.reduce((sum, field) => sum + field, 0), stolen: fields[7] ?? 0 }
}

/** @returns a function that returns which share of the processor time since then the host gave to others; 0 without /proc */
export function watchStolenTime(read: () => string = readStat): () => number {
  const from = parseMachineTime(read())
  return () => {
    const until = parseMachineTime(read())
    return (until.stolen - from.stolen) / Math.max(1, until.total - from.total)
  }
}

function readStat(): string {
  try {
    return readFileSync('/proc/stat', 'utf8')
  } catch {
    return ''
  }
}

import { readFileSync, writeFileSync } from 'node:fs'

/** As the kernel counts it. Sizes in MB (2^20 bytes). */
export interface ProcessReading {
  /** User and system time since its start. */
  readonly cpuSeconds: number
  readonly residentMb: number
  /** Largest resident memory since its start, or since {@link forgetPeak}. */
  readonly peakMb: number
}

/** USER_HZ, which is 100 whatever the kernel itself counts in. */
const TICKS_PER_SECOND = 100

/** @returns undefined where there is no such process, or no /proc */
export function readProcess(pid: number): ProcessReading | undefined {
  return readIfThere(pid)
}

/**
 * A process with its children, those that have ended included. A connection of PostgreSQL is a child.
 *
 * @param children that are alive
 */
export function readProcessTree(pid: number, children: readonly number[]): ProcessReading | undefined {
  const own = readIfThere(pid)
  if (own === undefined) return undefined
  const all = [own, ...children.flatMap((child) => readIfThere(child) ?? [])]
  const sum = (read: (one: Reading) => number) => all.reduce((total, one) => total + read(one), 0)
  // Shared memory is there once, however many processes map it. It only grows, so that its peak is what is held now.
  const sharedMb = Math.max(...all.map((one) => one.sharedMb))
  return {
    cpuSeconds: sum((one) => one.cpuSeconds) + own.endedChildrenSeconds,
    residentMb: sum((one) => one.residentMb - one.sharedMb) + sharedMb,
    peakMb: sum((one) => one.peakMb - one.sharedMb) + sharedMb,
  }
}

/** Lets the peak of a process begin with what it holds now. */
export function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
  } catch {
    // It has ended, or another kernel: then the peak is that since its start.
  }
}

type Reading = ReturnType<typeof parseStatus> & ReturnType<typeof parseStat>

function readIfThere(pid: number): Reading | undefined {
  const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8')
  try {
    return { ...parseStatus(read('status')), ...parseStat(read('stat')) }
  } catch {
    return undefined
  }
}

/**
 * A process that has ended and was not waited for yet has no memory, but its time.
 *
 * @param text of /proc/<pid>/status
 */
export function parseStatus(text: string): { residentMb: number; peakMb: number; sharedMb: number } {
  const read = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) / 1024
  return { residentMb: read('VmRSS'), peakMb: read('VmHWM'), sharedMb: read('RssShmem') }
}

/** @param text of /proc/<pid>/stat */
export function parseStat(text: string): { cpuSeconds: number; endedChildrenSeconds: number } {
  // The second field is the program's name in parentheses, and may itself hold blanks and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15).map(Number)
  return {
    cpuSeconds: (user + system) / TICKS_PER_SECOND,
    endedChildrenSeconds: (childrenUser + childrenSystem) / TICKS_PER_SECOND,
  }
}

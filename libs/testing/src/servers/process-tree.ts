import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Sends `signal` to a process; a process that has ended is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** The pids of the direct children of a process. PostgreSQL's each lead a process group, so a group signal fails. */
export function childPids(pid: number): number[] {
  return parentTable()
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child)
}

/** [pid, parent pid] of every process. */
function parentTable(): [number, number][] {
  if (!existsSync('/proc/self/stat')) {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
    return lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const parent = parentOf(name)
      return parent === undefined ? [] : [[Number(name), parent] as [number, number]]
    })
}

/** Stopped, or ended: what no thread of a process that stands still is not. */
const STILL = new Set(['T', 't', 'Z', 'X'])

/**
 * Whether every thread of a process has taken its SIGSTOP. The system only sends it: a thread on another core goes on for a
 * moment, long enough for a server to answer. Where there is no /proc, this says yes.
 */
export function standsStill(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).every((thread) => {
      const [state = 'X'] = statFields(`${pid}/task/${thread}`)
      return STILL.has(state)
    })
  } catch {
    // It ended while we looked, or there is no /proc.
    return true
  }
}

function parentOf(pid: string): number | undefined {
  const parent = statFields(pid)[1]
  return parent === undefined ? undefined : Number(parent)
}

/** What follows the program's name in /proc/N/stat, which may itself hold blanks and brackets; none once it has ended. */
function statFields(path: string): string[] {
  try {
    const stat = readFileSync(`/proc/${path}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    // It ended while we looked.
    return []
  }
}

import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'

/** Clocks of the machine that cannot be set: they tell time that passed from a wall clock that was moved. */
export interface MachineTime {
  /** Of this start of the machine; null where the system has no such name. */
  readonly bootId: string | null
  /** Milliseconds since the machine started, with the time that it slept. */
  readonly uptimeMs: number
  /** Milliseconds that this process could run, without such time. */
  readonly monotonicMs: number
}

let bootId: string | null | undefined

export function readMachineTime(): MachineTime {
  bootId ??= readBootId()
  return { bootId, uptimeMs: Math.round(uptime() * 1000), monotonicMs: performance.now() }
}

function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || null
  } catch {
    // Only Linux has it. Elsewhere a pause between two processes is explained by nothing, which is on the safe side.
    return null
  }
}
